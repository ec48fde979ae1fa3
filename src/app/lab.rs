//! The lab as the window sees it: what can be run, what is chosen, what runs.

use crate::lang::Text;
use crate::timeline::{ExchangeInfo, Place, Program, RunSpec, Service};
use std::collections::BTreeMap;

/// The state of the lab's side of the window.
#[derive(Debug, Default)]
pub struct Lab {
    /// All exchanges, in the order of the list.
    pub exchanges: Vec<&'static ExchangeInfo>,
    pub chosen: usize,
    /// The exchanges' programs, to be read beside their calls.
    pub programs: &'static [Program],
    /// The exchange whose run is open.
    pub ran: Option<String>,
    /// Typed values, by exchange and parameter; missing ones have their default.
    pub params: BTreeMap<String, BTreeMap<String, String>>,
    /// `None`: the lab's own name space.
    pub interface: Option<String>,
    /// The capture filter for a real interface.
    pub filter: String,
    /// On a real interface: only capture, run no exchange.
    pub only_capture: bool,
    /// Interfaces that may be captured, `lo` first; empty without the right to.
    pub interfaces: Vec<String>,
    /// What works on this machine: `None` until the engine has looked.
    pub services: Option<Vec<Service>>,
    pub running: Option<Running>,
    /// The last thing an exchange said of itself.
    pub note: Option<Text>,
}

/// A run that has not ended.
#[derive(Debug, PartialEq)]
pub struct Running {
    pub spec: RunSpec,
    /// The capture has begun.
    pub started: bool,
    /// The user has asked it to stop.
    pub stopping: bool,
}

impl Lab {
    pub fn exchange(&self) -> Option<&'static ExchangeInfo> {
        self.exchanges.get(self.chosen).copied()
    }

    /// The value of a parameter of the chosen exchange, as typed or its default.
    pub fn value(&self, name: &str) -> String {
        let Some(exchange) = self.exchange() else { return String::new() };
        let typed = self.params.get(exchange.name).and_then(|p| p.get(name));
        let param = exchange.params.iter().find(|p| p.name == name);
        typed.cloned().or_else(|| param.map(|p| p.default_value())).unwrap_or_default()
    }

    /// What is wrong with the values of the chosen exchange, if anything.
    pub fn problem(&self) -> Option<Text> {
        let exchange = self.exchange()?;
        exchange.params.iter().find_map(|p| p.check(&self.value(p.name)).err())
    }

    /// What *Start* would run.
    pub fn spec(&self) -> Option<RunSpec> {
        let exchange = self.exchange()?;
        let place = match &self.interface {
            None => Place::Own,
            Some(name) => Place::Interface { name: name.clone(), filter: self.filter.clone() },
        };
        let only_capture = self.only_capture && self.interface.is_some();
        let params = exchange.params.iter().map(|p| (p.name.to_owned(), self.value(p.name))).collect();
        Some(RunSpec { exchange: (!only_capture).then(|| exchange.name.to_owned()), params, place })
    }

    /// The rootless lab can run here, as far as is known.
    pub fn rootless_works(&self) -> bool {
        self.services.as_ref().and_then(|s| s.first()).is_none_or(|s| s.works)
    }
}
