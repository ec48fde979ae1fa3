//! A network of one's own without root: a user name space, a network name space and their loopback.
//!
//! In: nothing but the process itself. Out: the process moved into fresh name spaces where it is root over the network, or
//! a [`NetnsError`] that names the step, the errno and what would help. It must run before the process has a second
//! thread, and it must never touch the network of the machine.

pub mod enter;
pub mod errno;
pub mod error;
pub mod make;
pub mod probe;

pub use enter::enter;
pub use error::{NetnsError, Settings, Step};
pub use make::{Made, make};
pub use probe::{Report, probe};
