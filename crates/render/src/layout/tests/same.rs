//! The same input gives the same document: with cold and warm caches, on any thread, after any other template.

use super::*;

fn invoice() -> (Json, Json) {
    let mut template = template(json!([
        text([0.0, 0.0], "Größe {{ data.name }} — שלום 漢"),
        { "kind": "table", "at": [0, 20], "width": 200, "each": "data.items", "as": "i", "columns": [
            { "title": "Item", "style": "text", "text": "{{ i.name }}" }, { "title": "Sum", "style": "text", "align": "end", "text": "{{ money(i.sum, 'EUR') }}" }] },
        { "kind": "barcode", "symbology": "qr", "at": [0, 80], "size": [20, 20], "rotation": 33, "value": "{{ data.name }}" } ]));
    template["footer"] = json!([{ "on": "all", "height": 12, "nodes": [text([0.0, 0.0], "{{ sys.pageNumber }}/{{ sys.totalPages }}")] }]);
    let items: Vec<Json> = (0..60)
        .map(|number| json!({ "name": format!("Item No. {number} to AV fi"), "sum": f64::from(number) * 1.37 }))
        .collect();
    (template, json!({ "name": "Łódź", "items": items }))
}

fn print(document: &Document) -> String {
    format!("{document:?}")
}

#[test]
fn cold_and_warm_caches_give_the_same_document() {
    let world = world();
    let (template, data) = invoice();
    let program = program(&template, &world).unwrap();
    let options = RenderOptions::default();
    let mut warm = Scratch::default();
    let first = print(&program.render(&data, &world, &options, &mut warm).unwrap().document);
    for _ in 0..3 {
        let other = super::program(&super::template(json!([text([0.0, 0.0], "other words\nשלום")])), &world).unwrap();
        other.render(&json!({}), &world, &options, &mut warm).unwrap();
        assert_eq!(print(&program.render(&data, &world, &options, &mut warm).unwrap().document), first);
    }
    let again = super::program(&template, &world).unwrap();
    assert_eq!(print(&again.render(&data, &world, &options, &mut Scratch::default()).unwrap().document), first);
}

#[test]
fn threads_give_the_same_document() {
    let world = world();
    let (template, data) = invoice();
    let program = program(&template, &world).unwrap();
    let documents: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    print(
                        &program
                            .render(&data, &world, &RenderOptions::default(), &mut Scratch::default())
                            .unwrap()
                            .document,
                    )
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(documents.iter().all(|document| *document == documents[0]));
}
