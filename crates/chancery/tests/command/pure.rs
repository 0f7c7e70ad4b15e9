//! Commands that need no installation: render, template, config, help.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::{chancery, errors, folder, run, said, write_example};

#[test]
fn render_writes_a_pdf_and_the_same_time_gives_the_same_bytes() {
    let folder = folder();
    write_example(folder.path());
    let render = |out: &str, now: &str| {
        said(folder.path(), &["render", "template.json", "--data", "data.json", "-o", out, "--now", now])
    };
    assert_eq!(render("a.pdf", "2026-01-31T12:00:00Z"), "", "data goes to the file, nothing to standard output");
    render("b.pdf", "1769860800000");
    render("c.pdf", "2027-01-31T12:00:00Z");
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("a.pdf").starts_with(b"%PDF"));
    assert_eq!(read("a.pdf"), read("b.pdf"));
    assert_ne!(read("a.pdf"), read("c.pdf"));
    assert!(!folder.path().join("data").exists(), "a render needs no data folder");
}

#[test]
fn render_reads_standard_input_and_writes_standard_output() {
    let folder = folder();
    write_example(folder.path());
    let mut command = chancery(folder.path(), &["render", "template.json", "--data", "-", "-o", "-"]);
    let output = command.stdin(fs::File::open(folder.path().join("data.json")).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    assert!(output.stdout.starts_with(b"%PDF"));
}

#[test]
fn pictures_of_several_pages_get_numbers() {
    let folder = folder();
    write_example(folder.path());
    let render =
        |out: &str| said(folder.path(), &["render", "template.json", "--data", "data.json", "-o", out, "--dpi", "36"]);
    render("page.png");
    render("{n}-page.jpg");
    render("page.webp");
    render("page.svg");
    for (name, start) in [
        ("page-1.png", b"\x89PNG".as_slice()),
        ("page-2.png", b"\x89PNG"),
        ("1-page.jpg", b"\xff\xd8"),
        ("2-page.jpg", b"\xff\xd8"),
        ("page-2.webp", b"RIFF"),
        ("page-2.svg", b"<svg xmlns="),
    ] {
        assert!(fs::read(folder.path().join(name)).unwrap().starts_with(start), "{name}");
    }
    assert!(!folder.path().join("page.png").exists());
}

#[test]
fn what_the_user_gave_wrong_ends_with_1_and_says_what() {
    let folder = folder();
    write_example(folder.path());
    fs::write(folder.path().join("broken.json"), "{").unwrap();
    fs::write(folder.path().join("wrong.toml"), "[server]\nlissten = 1\n").unwrap();
    for (arguments, words) in [
        (["render", "nothing.json", "--data", "data.json", "-o", "x.pdf"].as_slice(), "cannot read nothing.json"),
        (&["render", "template.json", "--data", "broken.json", "-o", "x.pdf"], "broken.json is not valid JSON"),
        (&["render", "broken.json", "--data", "data.json", "-o", "x.pdf"], "broken.json has 1 error"),
        (&["render", "template.json", "--data", "data.json", "-o", "x.pdf", "--now", "noon"], "`noon` is not a time"),
        (
            &["render", "template.json", "--data", "data.json", "-o", "-", "--format", "png"],
            "cannot go to standard output",
        ),
        (
            &["render", "template.json", "--data", "data.json", "-o", "x.pdf", "--width", "200"],
            "--width and --height are for PNG, JPEG and WebP",
        ),
        (
            &["render", "template.json", "--data", "data.json", "-o", "x.png", "--quality", "5"],
            "--quality is for JPEG and WebP",
        ),
        (
            &["render", "template.json", "--data", "data.json", "-o", "x.jpg", "--transparent"],
            "--transparent is for PNG, WebP and SVG",
        ),
        (
            &["render", "template.json", "--data", "data.json", "-o", "x.pdf", "--pages", "1"],
            "--pages is for pictures; a PDF has all pages",
        ),
        (
            &["render", "template.json", "--data", "data.json", "-o", "x.svg", "--pages", "2-1"],
            "--pages wants a page or a range, such as 3 or 2-5, not `2-1`",
        ),
        (
            &["render", "template.json", "--data", "data.json", "-o", "x.webp", "--pages", "9"],
            "pages 9 to 9 are not among them",
        ),
        (&["config", "--config", "wrong.toml"], "did you mean `server.listen`?"),
        (&["serve", "--listen", "0.0.0.0:0"], "refusing to listen on 0.0.0.0:0 without TLS"),
        (&["help", "nothing"], "there is no command `nothing`"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", errors(&output));
        assert!(errors(&output).contains(words), "{arguments:?}: {}", errors(&output));
        assert!(output.stdout.is_empty(), "{arguments:?} wrote to standard output");
    }
    assert!(!folder.path().join("x.pdf").exists());
    assert!(!folder.path().join("data").exists(), "a refused command made a data folder");
}

#[test]
fn a_wrong_command_line_ends_with_2_and_a_failing_environment_with_3() {
    let folder = folder();
    write_example(folder.path());
    for arguments in [
        ["render"].as_slice(),
        &["nothing"],
        &["key", "create"],
        &["render", "a", "--data", "b", "-o", "c", "--dpi", "0"],
    ] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
    for arguments in [
        ["render", "template.json", "--data", "data.json", "-o", "/dev/null/x.pdf"].as_slice(),
        &["workspace", "list", "--data-folder", "/dev/null/data"],
        &["render", "template.json", "--data", "data.json", "-o", "x.pdf", "--fonts", "/nowhere"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", errors(&output));
    }
}

#[test]
fn template_check_prints_every_finding_and_ends_with_1_only_for_errors() {
    let folder = folder();
    write_example(folder.path());
    let good = run(folder.path(), &["template", "check", "template.json", "--data", "data.json", "--strict"]);
    assert_eq!(good.status.code(), Some(0), "{}{}", String::from_utf8_lossy(&good.stdout), errors(&good));
    assert!(errors(&good).starts_with("at most "), "{}", errors(&good));
    let text = fs::read_to_string(folder.path().join("template.json")).unwrap();
    fs::write(
        folder.path().join("bad.json"),
        text.replace("\"width\"", "\"widht\"").replace("Inter", "No Such Family"),
    )
    .unwrap();
    let bad = run(folder.path(), &["template", "check", "bad.json"]);
    assert_eq!(bad.status.code(), Some(1));
    let printed = String::from_utf8(bad.stdout).unwrap();
    assert_eq!(printed.matches("error[unknown-property]").count(), 2, "{printed}");
    fs::write(folder.path().join("unresolved.json"), text.replace("data.name", "data.nmae")).unwrap();
    let check = |strict: &[&str]| {
        let arguments = [["template", "check", "unresolved.json", "--data", "data.json"].as_slice(), strict].concat();
        run(folder.path(), &arguments)
    };
    let lenient = check(&[]);
    assert_eq!(lenient.status.code(), Some(0));
    assert!(String::from_utf8(lenient.stdout).unwrap().contains("warning[unresolved-path]"));
    assert_eq!(check(&["--strict"]).status.code(), Some(1));
}

#[test]
fn what_describes_itself_is_written_to_standard_output() {
    let folder = folder();
    let schema: serde_json::Value = serde_json::from_str(&said(folder.path(), &["template", "schema"])).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for (arguments, words) in [
        (["expressions"].as_slice(), "ifNull"),
        (&["template", "reference"], "barcode"),
        (&["help", "--all"], "# chancery key revoke"),
        (&["help", "serve"], "--port-file"),
        (&["config"], "CHANCERY_RENDER_TIMEOUT_MS"),
        (&["--version"], "chancery "),
    ] {
        assert!(said(folder.path(), arguments).contains(words), "{arguments:?}");
    }
}

#[test]
fn the_printed_configuration_is_read_back_to_the_same() {
    let folder = folder();
    let printed = said(folder.path(), &["config", "--fonts", "/some/fonts"]);
    fs::write(folder.path().join("own.toml"), &printed).unwrap();
    let mut again = chancery(folder.path(), &["config", "--config", "own.toml"]);
    let again = again.env_remove("CHANCERY_FONTS").env_remove("CHANCERY_DATA_FOLDER").output().unwrap();
    assert_eq!(String::from_utf8(again.stdout).unwrap().trim_end(), printed);
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let folder = folder();
    let mut child =
        chancery(folder.path(), &["template", "schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""));
}
