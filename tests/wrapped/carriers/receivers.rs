//! What people's own receivers write, and what `callscope listen` writes.

use super::super::bodies::{Delivery, flat};
use super::text::{lines, listed, quoted, rfc3339};

pub(super) fn plain_array(deliveries: &[Delivery]) -> Vec<u8> {
    listed(deliveries, ("[\n  ", ",\n  ", "\n]\n"), |_, delivery| delivery.body.clone())
}

pub(super) fn end_to_end(deliveries: &[Delivery]) -> Vec<u8> {
    listed(deliveries, ("\u{feff}", "", ""), |_, delivery| delivery.body.clone())
}

fn record(number: usize, delivery: &Delivery, body: &str) -> String {
    format!(
        r#"{{"id":"{number}","trigger":"{}","receivedAt":{},"method":"POST","headers":{{"content-type":"application/json"}},"payload":{body}}}"#,
        delivery.trigger, delivery.arrival
    )
}

pub(super) fn own(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| record(number, delivery, &flat(&delivery.body)))
}

pub(super) fn own_array(deliveries: &[Delivery]) -> Vec<u8> {
    let layout = ("[\n  ", ",\n  ", "\n]\n");
    listed(deliveries, layout, |number, delivery| record(number, delivery, &delivery.body))
}

pub(super) fn own_counted(deliveries: &[Delivery]) -> Vec<u8> {
    let before = format!("{{\"count\":{},\"events\":[", deliveries.len());
    listed(deliveries, (&before, ", ", "]}"), |number, delivery| {
        record(number, delivery, &delivery.body)
    })
}

pub(super) fn listen(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        format!(
            r#"{{"received_at":"{}","method":"POST","path":"/hooks","headers":{{"content-type":"application/json"}},"body":{}}}"#,
            rfc3339(delivery),
            quoted(&delivery.body)
        )
    })
}
