//! Services that take webhooks and hand them on or show them.

use super::super::bodies::{Delivery, flat};
use super::text::{base64, lines, listed, quoted, quoted_ascii, rfc3339, time};

pub(super) fn webhook_site(deliveries: &[Delivery]) -> Vec<u8> {
    let behind = format!(r#"],"total":{},"per_page":50,"is_last_page":true}}"#, deliveries.len());
    listed(deliveries, (r#"{"data":["#, ",", &behind), |number, delivery| {
        let at = time(delivery, "%Y-%m-%d %H:%M:%S");
        format!(
            r#"{{"uuid":"{number:08x}-4d21-4b0e","type":"web","token_id":"t","ip":"203.0.113.7","method":"POST","content":{},"query":null,"headers":{{"content-type":["application\/json"]}},"url":"https:\/\/webhook.site\/t","size":{},"files":[],"created_at":"{at}","updated_at":"{at}","custom_action_output":[]}}"#,
            quoted_ascii(&delivery.body),
            delivery.body.len()
        )
    })
}

fn hookdeck(deliveries: &[Delivery], body: impl Fn(&Delivery) -> String) -> Vec<u8> {
    let behind = r#"],"pagination":{"order_by":"created_at","dir":"asc","limit":100},"count":9}"#;
    listed(deliveries, (r#"{"models":["#, ",", behind), |number, delivery| {
        let at = rfc3339(delivery);
        format!(
            r#"{{"id":"evt_{number}","team_id":"tm_1","request_id":"req_{number}","status":"SUCCESSFUL","attempts":1,"created_at":"{at}","updated_at":"{at}","data":{{"path":"/","query":"","parsed_query":{{}},"headers":{{"content-type":"application/json"}},"body":{},"is_large_payload":false}}}}"#,
            body(delivery)
        )
    })
}

pub(super) fn hookdeck_objects(deliveries: &[Delivery]) -> Vec<u8> {
    hookdeck(deliveries, |delivery| delivery.body.clone())
}

pub(super) fn hookdeck_strings(deliveries: &[Delivery]) -> Vec<u8> {
    hookdeck(deliveries, |delivery| quoted(&delivery.body))
}

pub(super) fn ngrok(deliveries: &[Delivery]) -> Vec<u8> {
    listed(
        deliveries,
        (r#"{"uri":"/api/requests/http","requests":["#, ",\n", "]}"),
        |number, delivery| {
            let length = delivery.body.len();
            let head = format!(
                "POST /hooks HTTP/1.1\r\nHost: x.ngrok.app\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            );
            // Seen too: the body alone.
            let raw = if number % 4 == 3 { delivery.body.clone() } else { head + &delivery.body };
            format!(
                r#"{{"uri":"/api/requests/http/airn_{number}","id":"airn_{number}","tunnel_name":"command_line","remote_addr":"203.0.113.7","start":"{}","duration":1843000,"request":{{"method":"POST","proto":"HTTP/1.1","headers":{{"Content-Type":["application/json"]}},"uri":"/hooks","raw":"{}"}},"response":{{"status":"200 OK","status_code":200,"raw":"{}"}}}}"#,
                zoned(delivery),
                base64(raw.as_bytes()),
                base64(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            )
        },
    )
}

/// The arrival in a zone two hours east.
fn zoned(delivery: &Delivery) -> String {
    let east = Delivery { arrival: delivery.arrival + 7_200_000, ..delivery.clone() };
    time(&east, "%Y-%m-%dT%H:%M:%S%.9f+02:00")
}

pub(super) fn pipedream(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| {
        let raw = format!(r#""bodyRaw":{}"#, quoted(&delivery.body));
        let body = match number % 3 {
            0 => format!(r#""body":{},{raw}"#, flat(&delivery.body)),
            1 => format!(r#"{raw},"body":{}"#, flat(&delivery.body)),
            _ => format!(r#""body":{}"#, quoted(&delivery.body)),
        };
        format!(
            r#"{{"method":"POST","path":"/","query":{{}},"client_ip":"203.0.113.7","url":"https://x.m.pipedream.net/","headers":{{"host":"x.m.pipedream.net","content-type":"application/json"}},{body}}}"#
        )
    })
}

pub(super) fn svix(deliveries: &[Delivery]) -> Vec<u8> {
    listed(
        deliveries,
        (r#"{"data":["#, ",", r#"],"iterator":"i","done":true}"#),
        |number, delivery| {
            let (at, trigger, body) = (rfc3339(delivery), &delivery.trigger, &delivery.body);
            match number % 2 {
                0 => format!(
                    r#"{{"eventType":"{trigger}","payload":{body},"id":"msg_{number}","timestamp":"{at}"}}"#
                ),
                _ => format!(
                    r#"{{"id":"atmpt_{number}","status":0,"timestamp":"{at}","msg":{{"eventType":"{trigger}","payload":{body},"id":"msg_{number}","timestamp":"{at}"}}}}"#
                ),
            }
        },
    )
}
