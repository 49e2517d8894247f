//! Laws: what holds for any bytes and any calls. `tests/long/run.sh` tries them on many others.

mod bytes;
mod cases;
mod counts;
mod damage;
mod dice;
mod envelopes;
mod figures;
mod live;
mod mess;
mod order;
mod pieces;
mod places;
mod reading;
mod reread;
mod soup;
mod split;
mod world;
mod writing;

use cases::cases;
