//! The settings file.

use super::folders::Folders;
use crate::app::Prefs;
use crate::lang::Text;
use std::fs;

/// What was saved; the defaults where nothing was, or where it cannot be read.
pub fn load(folders: &Folders) -> Prefs {
    let text = fs::read_to_string(folders.settings()).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Writes the settings beside the old ones, then replaces them, so that a crash leaves one or the other.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn save(folders: &Folders, prefs: &Prefs) -> Result<(), Text> {
    let path = folders.settings();
    let write = || {
        fs::create_dir_all(&folders.config)?;
        let beside = path.with_extension("json.new");
        fs::write(&beside, serde_json::to_vec_pretty(prefs)?)?;
        fs::rename(&beside, &path)
    };
    write().map_err(|e| {
        let shown = path.display();
        Text::new(format!("設定を書けません（{shown}）：{e}"), format!("cannot write the settings ({shown}): {e}"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::Theme;
    use crate::lang::Lang;

    #[test]
    fn what_is_saved_comes_back_and_damage_falls_back_to_defaults() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders { config: root.path().join("config"), state: root.path().join("state") };
        assert_eq!(load(&folders), Prefs::default());
        let prefs = Prefs { lang: Some(Lang::En), theme: Theme::Light, ..Prefs::default() };
        save(&folders, &prefs).unwrap();
        assert_eq!(load(&folders), prefs);
        fs::write(folders.settings(), b"{\"lang\": 7").unwrap();
        assert_eq!(load(&folders), Prefs::default());
    }
}
