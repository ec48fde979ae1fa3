//! A run of the lab: starts the agent, reads its spool as it grows, passes on what the agent says.
//!
//! The spool is the one way in which frames and calls come: what is shown has been read back from disk.

use super::folders::Folders;
use super::load::{Feed, PIECE};
use super::{Open, Post};
use crate::app::Action;
use crate::lab::session;
use crate::lang::Text;
use crate::timeline::{LabEvent, RunSpec};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

/// How soon a wish to stop is heard.
const LISTEN: Duration = Duration::from_millis(20);

/// One run.
pub struct Job {
    pub generation: u64,
    /// The program file to start the agent from.
    pub program: PathBuf,
    pub spec: RunSpec,
    pub post: Post,
    pub stop: Arc<AtomicBool>,
    pub folders: Folders,
    pub open: Open,
}

impl Job {
    pub fn run(self) {
        if let Err(why) = self.talk() {
            self.say(LabEvent::Failed { text: why });
            self.post.send(Action::LoadEnded { generation: self.generation, damage: None });
        }
        self.say(LabEvent::Ended { cancelled: self.stop.load(Ordering::Relaxed) });
    }

    fn say(&self, event: LabEvent) {
        self.post.send(Action::Lab { generation: self.generation, event });
    }

    fn talk(&self) -> Result<(), Text> {
        let (path, spool) = self.folders.spool("run").map_err(|e| {
            let shown = self.folders.state.display();
            Text::new(
                format!("キャプチャを書く場所がありません（{shown}）：{e}"),
                format!("There is no place to write the capture to ({shown}): {e}"),
            )
        })?;
        let reader = spool.try_clone().map_err(|e| Text::same(e.to_string()))?;
        let mut session = session::start(&self.program, &self.spec, &path)?;
        self.post.send(Action::Spool { generation: self.generation, path });
        let mut feed = Feed::begin(self.generation, self.post.clone(), Arc::new(reader), None, &self.open)?;
        let mut stopping = false;
        loop {
            if self.stop.load(Ordering::Relaxed) && !stopping {
                stopping = true;
                session.stop();
            }
            match session.events().recv_timeout(LISTEN) {
                Ok(LabEvent::Spooled { bytes, .. }) => {
                    // Several announcements may wait: the last one says it all.
                    if !read_up_to(&spool, &mut feed, bytes) {
                        return Ok(());
                    }
                    feed.show();
                }
                Ok(LabEvent::Ended { .. }) => break,
                Ok(event) => self.say(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let text = Text::new(
                        "ラボのプロセスが途中で終わりました。そこまでのフレームは残っています。",
                        "The lab's process ended before its time. All frames up to then are kept.",
                    );
                    self.say(LabEvent::Failed { text });
                    break;
                }
            }
        }
        let len = spool.metadata().map_or(feed.read(), |m| m.len());
        read_up_to(&spool, &mut feed, len);
        match feed.read() {
            // Nothing was written: why, has been said.
            0 => feed.empty(),
            _ => feed.end(),
        }
        Ok(())
    }
}

/// Feeds what the spool holds up to `bytes`. False when nobody listens any more.
fn read_up_to(spool: &File, feed: &mut Feed, bytes: u64) -> bool {
    let mut piece = vec![0; PIECE.min(usize::try_from(bytes.saturating_sub(feed.read())).unwrap_or(PIECE)).max(1)];
    while feed.read() < bytes {
        let want = piece.len().min(usize::try_from(bytes - feed.read()).unwrap_or(usize::MAX));
        let Some(room) = piece.get_mut(..want) else { return true };
        match spool.read_at(room, feed.read()) {
            Ok(0) | Err(_) => return true,
            Ok(n) => {
                if !feed.take_in(room.get(..n).unwrap_or_default()) {
                    return false;
                }
            }
        }
    }
    true
}
