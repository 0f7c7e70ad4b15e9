//! The table of classes, rule by rule.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

/// A link that keeps every rule of every class.
const STRICTEST: LinkTerms = LinkTerms {
    lifetime: LinkLifetime::MIN,
    has_recipient: true,
    has_passcode: true,
    uses_max: Some(1),
    is_inline: false,
};

fn hours(hours: u64) -> LinkLifetime {
    LinkLifetime::clamped_from_seconds(hours * HOUR_S)
}

/// What breaks exactly this rule, and the classes that refuse it. A new rule does not compile without a line here.
fn case(rule: Rule) -> (&'static [Class], Vec<LinkTerms>) {
    use Class::{Confidential, Restricted};
    match rule {
        Rule::Lifetime => (&[Restricted], vec![LinkTerms { lifetime: hours(25), ..STRICTEST }]),
        Rule::Recipient => (&[Restricted], vec![LinkTerms { has_recipient: false, ..STRICTEST }]),
        Rule::Passcode => (&[Restricted], vec![LinkTerms { has_passcode: false, ..STRICTEST }]),
        Rule::Uses => (
            &[Restricted],
            vec![LinkTerms { uses_max: None, ..STRICTEST }, LinkTerms { uses_max: Some(2), ..STRICTEST }],
        ),
        Rule::Inline => (&[Confidential, Restricted], vec![LinkTerms { is_inline: true, ..STRICTEST }]),
        Rule::PlainLink | Rule::Label => (&[Restricted], Vec::new()),
    }
}

#[test]
fn every_class_has_a_line_and_none_is_handled_more_loosely_than_the_one_below() {
    assert_eq!(TABLE.each_ref().map(|(class, _)| *class), Class::ALL.map(|(_, class)| class));
    for pair in TABLE.windows(2) {
        let [(_, below), (_, above)] = pair else { continue };
        assert!(above.link_lifetime_s_max <= below.link_lifetime_s_max);
        assert!(above.link_uses_max.unwrap_or(u32::MAX) <= below.link_uses_max.unwrap_or(u32::MAX));
        for (loose_above, loose_below) in [
            (above.allows_plain_links, below.allows_plain_links),
            (above.allows_inline, below.allows_inline),
            (!above.needs_recipient, !below.needs_recipient),
            (!above.needs_passcode, !below.needs_passcode),
            (!above.needs_label, !below.needs_label),
            (above.permission.is_none(), below.permission.is_none()),
        ] {
            assert!(loose_below || !loose_above);
        }
    }
}

#[test]
fn a_link_that_breaks_one_rule_is_refused_by_its_classes_and_by_no_other_one() {
    for rule in Rule::ALL {
        let (classes, links) = case(rule);
        for (_, class) in Class::ALL {
            for terms in &links {
                match check_link(class, terms) {
                    Ok(()) => assert!(!classes.contains(&class), "{class:?} lets {rule:?} pass"),
                    Err(ServiceError::ClassForbids { class: named, rule: broken }) => {
                        assert_eq!((named, broken), (class, rule));
                        assert!(classes.contains(&class), "{class:?} refuses {rule:?}");
                    }
                    Err(other) => assert_eq!(other.code(), "class-forbids"),
                }
            }
        }
        assert!(!rule.demand().is_empty() && !rule.hint().is_empty());
    }
    for (_, class) in Class::ALL {
        check_link(class, &STRICTEST).unwrap();
    }
}

#[test]
fn confidential_links_end_after_three_days_restricted_ones_after_one() {
    for (class, most) in
        [(Class::Public, 168), (Class::Internal, 168), (Class::Confidential, 72), (Class::Restricted, 24)]
    {
        assert_eq!(handling(class).shortened(LinkLifetime::MAX), hours(most));
        assert_eq!(handling(class).shortened(LinkLifetime::MIN), LinkLifetime::MIN);
        let too_long = LinkTerms { lifetime: hours(most + 1), ..STRICTEST };
        assert_eq!(check_link(class, &too_long).is_err(), most < 168, "{class:?}");
    }
}

#[test]
fn only_restricted_documents_have_no_plain_link() {
    for (_, class) in Class::ALL {
        assert_eq!(check_plain_link(class).is_err(), case(Rule::PlainLink).0.contains(&class));
    }
}

fn template(body: &str) -> Template {
    let (template, _) = Template::parse(body, &chancery_render::Limits::default()).unwrap();
    template
}

#[test]
fn a_restricted_template_prints_its_class_in_some_text() {
    let silent =
        template(r#"{"format":1,"name":"N","body":{"nodes":[{"kind":"text","at":[0,0],"width":99,"text":"x"}]}}"#);
    let labelled = template(
        r#"{"format":1,"name":"N","body":{"nodes":[{"kind":"text","at":[0,0],"width":99,"text":"{{ sys.classLabel }}"}]}}"#,
    );
    for (_, class) in Class::ALL {
        assert_eq!(check_label(class, &silent).is_err(), case(Rule::Label).0.contains(&class));
        check_label(class, &labelled).unwrap();
    }
}

#[test]
fn documents_have_the_class_of_their_template_or_workspace_and_never_less_than_a_field() {
    let body = |output: &str, class: &str| {
        template(&format!(
            r#"{{"format":1,"name":"N",{output}"data":{{"schema":{{"properties":{{"a":{{"x-class":"{class}"}}}}}}}},"body":{{"nodes":[]}}}}"#
        ))
    };
    assert_eq!(class_of(&body("", "public"), Class::Internal), Class::Internal);
    assert_eq!(class_of(&body("", "restricted"), Class::Internal), Class::Restricted);
    assert_eq!(class_of(&body(r#""output":{"class":"public"},"#, "public"), Class::Restricted), Class::Public);
    assert_eq!(
        class_of(&body(r#""output":{"class":"confidential"},"#, "internal"), Class::Public),
        Class::Confidential
    );
}

#[test]
fn classes_are_found_by_their_names() {
    for (name, class) in Class::ALL {
        assert_eq!(from_name(name), Some(class));
    }
    assert_eq!(from_name("secret"), None);
}
