//! The program's door: helper processes first, people second.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything may start a thread: the agent makes name spaces, and that needs a process with one thread.
    if let Some(code) = osiscope::lab::hidden::dispatch() {
        return code;
    }
    osiscope::cli::main()
}
