//! stub
use crate::{flow::explain::Explained,lang::Text,timeline::Capture,wire::Osi};
pub enum Side{Sender,Receiver}
pub struct Deed{pub text:Text,pub header:bool}
pub fn deed(_c:&Capture,_e:&Explained,_o:Osi,_s:Side)->Deed{Deed{text:Text::default(),header:false}}
