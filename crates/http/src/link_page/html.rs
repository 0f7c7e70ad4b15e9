//! Writes the HTML of the pages behind links. Every text goes through [`escape`].

use std::fmt::Write as _;

use chancery_service::classes::Class;

use super::Notice;
use super::words::Words;

/// A page being written.
pub(super) struct Page {
    words: &'static Words,
    html: String,
}

/// What a page says of a file.
pub(super) struct Facts {
    pub(super) media_type: &'static str,
    pub(super) size_bytes: u64,
    pub(super) expires_at_ms: i64,
    pub(super) is_one_time: bool,
}

/// An open lock, a closed one and a seal, each a few lines; screen readers pass over them.
const ICON_FILE: &str = "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M6 2.75h8.2L19 7.5v13.75H6zM14 2.75V7.8h5M9 12.5h7M9 16h5\"/></svg>";
const ICON_NONE: &str = "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M12 7.5v5.5M12 16.2v.3\"/></svg>";
const ICON_SEAL: &str = "<svg class=\"seal\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M12 2.75 19.5 6v5.5c0 4.6-3.1 8.1-7.5 9.75-4.4-1.65-7.5-5.15-7.5-9.75V6zM8.7 12l2.3 2.3 4.4-4.6\"/></svg>";

impl Page {
    pub(super) fn new(words: &'static Words, title: &str) -> Self {
        let html = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex, nofollow\">\n\
             <title>{}</title>\n<link rel=\"stylesheet\" href=\"../link.css\">\n</head>\n<body>\n<main>\n",
            words.language,
            escape(title)
        );
        Self { words, html }
    }

    pub(super) fn badge(&mut self, class: Class) {
        let label = class.label(self.words.language);
        self.push(&format!(
            "<p class=\"badge {}\"><span class=\"unseen\">{}: </span>{}</p>\n",
            class.name(),
            self.words.class,
            escape(label)
        ));
    }

    pub(super) fn heading(&mut self, name: &str) {
        self.push(&format!("<div class=\"head\">{ICON_FILE}<h1><bdi>{}</bdi></h1></div>\n", escape(name)));
    }

    pub(super) fn recipient(&mut self, name: &str, mail: Option<&str>) {
        let mail = mail.map(|mail| format!(" <span class=\"mail\"><bdi>{}</bdi></span>", escape(mail)));
        self.push(&format!(
            "<p class=\"recipient\">{} <strong><bdi>{}</bdi></strong>{}</p>\n",
            self.words.recipient,
            escape(name),
            mail.unwrap_or_default()
        ));
    }

    pub(super) fn facts(&mut self, facts: &Facts) {
        let words = self.words;
        let mut rows = vec![
            (words.kind, words.kind_of(facts.media_type).to_owned()),
            (words.size, words.size_of(facts.size_bytes)),
            (words.expiry, words.time_of(facts.expires_at_ms)),
        ];
        if facts.is_one_time {
            rows.push((words.uses, words.once.to_owned()));
        }
        self.push("<dl>\n");
        for (name, value) in rows {
            self.push(&format!("<div><dt>{name}</dt><dd>{}</dd></div>\n", escape(&value)));
        }
        self.push("</dl>\n");
    }

    pub(super) fn form(&mut self, asks_passcode: bool, notice: Option<Notice>) {
        let words = self.words;
        if let Some(notice) = notice {
            let text = words.notice(notice);
            self.push(&format!("<p class=\"notice\" id=\"notice\" role=\"alert\">{text}</p>\n"));
        }
        self.push("<form method=\"post\">\n");
        if asks_passcode {
            let wrong = if notice.is_some() { " aria-invalid=\"true\"" } else { "" };
            let described = if notice.is_some() { "notice passcode-hint" } else { "passcode-hint" };
            self.push(&format!(
                "<label for=\"passcode\">{}</label>\n\
                 <input id=\"passcode\" name=\"passcode\" type=\"text\" required autocomplete=\"one-time-code\" \
                 autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"16\" aria-describedby=\"{described}\"{wrong}>\n\
                 <p class=\"hint\" id=\"passcode-hint\">{}</p>\n",
                words.passcode, words.passcode_hint
            ));
        }
        self.push(&format!("<button type=\"submit\">{}</button>\n</form>\n", words.download));
    }

    pub(super) fn digest(&mut self, digest: &str) {
        let mut groups = String::new();
        for (index, letter) in digest.chars().enumerate() {
            if index > 0 && index % 8 == 0 {
                groups.push(' ');
            }
            groups.push(letter);
        }
        self.push(&format!(
            "<details class=\"digest\"><summary>{ICON_SEAL}{}</summary><p>{}</p><code translate=\"no\">{groups}</code></details>\n",
            self.words.digest, self.words.digest_hint
        ));
    }

    pub(super) fn failure(&mut self, title: &str, text: &str) {
        self.push(&format!("<div class=\"head\">{ICON_NONE}<h1>{title}</h1></div>\n<p class=\"why\">{text}</p>\n"));
    }

    pub(super) fn finish(mut self) -> String {
        self.push("</main>\n</body>\n</html>\n");
        self.html
    }

    fn push(&mut self, html: &str) {
        // Writing to a string does not fail.
        let _ = self.html.write_str(html);
    }
}

/// A text in which nothing is markup.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_markup() {
        let mut page = Page::new(Words::english(), "</title><script>1</script>");
        page.heading("<img src=x onerror=alert(1)>\" '&");
        page.recipient("<b>", Some("\"@<i>"));
        let html = page.finish();
        for markup in ["<script", "<img", "<b>", "<i>", "</title><"] {
            assert!(!html.contains(markup), "{markup} in {html}");
        }
        assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;&quot; &#39;&amp;"));
    }
}
