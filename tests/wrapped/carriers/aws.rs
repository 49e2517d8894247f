//! What stands in AWS between a webhook and who reads it.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::bodies::{Delivery, flat};
use super::text::{base64, lines, listed, listed_text, quoted, quoted_ascii, rfc3339, time};

/// `body` and `isBase64Encoded`; every second one in base64.
fn body(number: usize, delivery: &Delivery) -> String {
    match number % 2 {
        0 => format!(r#""body":{},"isBase64Encoded":false"#, quoted(&delivery.body)),
        _ => {
            format!(r#""body":"{}","isBase64Encoded":true"#, base64(delivery.body.as_bytes()))
        }
    }
}

fn lambda_event(number: usize, delivery: &Delivery) -> String {
    format!(
        r#"{{"version":"2.0","routeKey":"POST /hooks","rawPath":"/hooks","rawQueryString":"","headers":{{"content-type":"application/json"}},"requestContext":{{"accountId":"0","apiId":"a","http":{{"method":"POST","path":"/hooks"}},"requestId":"r{number}","time":"{}","timeEpoch":{}}},{}}}"#,
        time(delivery, "%d/%b/%Y:%H:%M:%S +0000"),
        delivery.arrival,
        body(number, delivery)
    )
}

pub(super) fn gateway_v2(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, lambda_event)
}

pub(super) fn gateway_v1(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| {
        format!(
            r#"{{"resource":"/hooks","path":"/hooks","httpMethod":"POST","headers":{{"Content-Type":"application/json"}},"multiValueHeaders":{{"Content-Type":["application/json"]}},"queryStringParameters":null,"requestContext":{{"accountId":"0","stage":"prod","requestTime":"{}","requestTimeEpoch":{},"requestId":"r{number}"}},{}}}"#,
            time(delivery, "%d/%b/%Y:%H:%M:%S +0000"),
            delivery.arrival,
            body(number, delivery)
        )
    })
}

/// Batches of ten, as a Lambda function gets them.
fn batches(deliveries: &[Delivery], body: impl Fn(&Delivery) -> String) -> Vec<u8> {
    let mut out = Vec::new();
    for batch in deliveries.chunks(10) {
        out.extend(listed(batch, (r#"{"Records":["#, ",", "]}\n"), |number, delivery| {
            let (body, at) = (body(delivery), delivery.arrival);
            format!(
                r#"{{"messageId":"m{number}","receiptHandle":"h","body":{body},"attributes":{{"ApproximateReceiveCount":"1","SentTimestamp":"{at}","SenderId":"s","ApproximateFirstReceiveTimestamp":"{at}"}},"messageAttributes":{{}},"md5OfBody":"e4d9","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:0:hooks","awsRegion":"eu-west-1"}}"#
            )
        }));
    }
    out
}

pub(super) fn sqs(deliveries: &[Delivery]) -> Vec<u8> {
    batches(deliveries, |delivery| quoted(&delivery.body))
}

pub(super) fn sns_in_sqs(deliveries: &[Delivery]) -> Vec<u8> {
    batches(deliveries, |delivery| {
        quoted(&format!(
            "{{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"m\",\n  \"TopicArn\" : \"arn:aws:sns:eu-west-1:0:hooks\",\n  \"Message\" : {},\n  \"Timestamp\" : \"{}\",\n  \"SignatureVersion\" : \"1\",\n  \"Signature\" : \"c2ln\"\n}}",
            quoted_ascii(&delivery.body),
            rfc3339(delivery)
        ))
    })
}

/// `aws logs filter-log-events`, with lines between that say nothing.
fn filter(deliveries: &[Delivery], message: impl Fn(usize, &Delivery) -> String) -> String {
    let behind = "\n    ],\n    \"searchedLogStreams\": []\n}\n";
    listed_text(deliveries, ("{\n    \"events\": [\n", ",\n", behind), |number, delivery| {
        let event = |message: &str| {
            format!(
                "        {{\n            \"logStreamName\": \"s\",\n            \"timestamp\": {},\n            \"message\": {},\n            \"ingestionTime\": {},\n            \"eventId\": \"{number}\"\n        }}",
                delivery.arrival,
                quoted(message),
                delivery.arrival + 4_000
            )
        };
        let start = event("START RequestId: 0f Version: $LATEST\n");
        format!("{start},\n{}", event(&message(number, delivery)))
    })
}

/// The deepest, and all on one line: a message, its line, the event that is logged there, its body in base64.
pub(super) fn filtered_lambda(deliveries: &[Delivery]) -> Vec<u8> {
    let document = filter(deliveries, |number, delivery| {
        let event = lambda_event(number, delivery);
        format!("{}\tr{number}\tINFO\t{event}\n", rfc3339(delivery))
    });
    flat(&document).into_bytes()
}

pub(super) fn filtered(deliveries: &[Delivery]) -> Vec<u8> {
    filter(deliveries, |_, delivery| format!("{}\n", delivery.body)).into_bytes()
}

fn log_events(deliveries: &[Delivery]) -> Vec<u8> {
    let before = r#"{"messageType":"DATA_MESSAGE","owner":"0","logGroup":"/aws/lambda/hooks","logStream":"s","subscriptionFilters":["f"],"logEvents":["#;
    listed(deliveries, (before, ",", "]}"), |number, delivery| {
        format!(
            r#"{{"id":"{number}","timestamp":{},"message":{}}}"#,
            delivery.arrival,
            quoted(&delivery.body)
        )
    })
}

pub(super) fn subscription(deliveries: &[Delivery]) -> Vec<u8> {
    deliveries.chunks(25).flat_map(|part| [log_events(part), b"\n".to_vec()].concat()).collect()
}

pub(super) fn awslogs(deliveries: &[Delivery]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in deliveries.chunks(25) {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&log_events(part)).expect("memory");
        let data = base64(&packed.finish().expect("memory"));
        out.extend(format!("{{\"awslogs\":{{\"data\":\"{data}\"}}}}\n").into_bytes());
    }
    out
}
