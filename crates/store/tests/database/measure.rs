//! temp
use crate::support::*;
use chancery_vault::*;
fn cpu(pids: &[i32]) -> u64 {
    pids.iter()
        .map(|p| {
            let s = std::fs::read_to_string(format!("/proc/{p}/stat")).unwrap();
            let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
            f[11].parse::<u64>().unwrap() + f[12].parse::<u64>().unwrap()
        })
        .sum()
}
#[test]
fn measure() {
    with_database(async |db| {
        let ws = db.workspace().await;
        let mut su = db.connection("chancery_bootstrap").await;
        for conc in [1usize, 4, 16, 64] {
            let writer = db.store.document_writer();
            let go = async |n: usize, conc: usize| {
                let recs: Vec<_> = (0..n).map(|_| ws.record(b"x", NOW.plus_millis(DAY_MILLIS))).collect();
                let t = std::time::Instant::now();
                futures::StreamExt::for_each_concurrent(futures::stream::iter(recs), conc, |r| {
                    let w = writer.clone();
                    async move {
                        w.record(r).await.unwrap();
                    }
                })
                .await;
                t.elapsed()
            };
            go(50 * conc, conc).await;
            let pids: Vec<i32> = sqlx::query_scalar(
                "select pid from pg_stat_activity where usename='chancery_app' and datname=current_database()",
            )
            .fetch_all(&mut su)
            .await
            .unwrap();
            let n = 6000;
            let a = cpu(&pids);
            let me = cpu(&[std::process::id() as i32]);
            let e = go(n, conc).await;
            let b = cpu(&pids);
            let me2 = cpu(&[std::process::id() as i32]);
            println!(
                "conc {conc}: {:.3} ms pg cpu/doc, {:.3} ms client cpu/doc (incl. sealing), {:.3} ms wall/doc",
                (b - a) as f64 * 10.0 / n as f64,
                (me2 - me) as f64 * 10.0 / n as f64,
                e.as_secs_f64() * 1e3 / n as f64
            );
            writer.close().await;
        }
        let objs = &db.objects;
        let me = cpu(&[std::process::id() as i32]);
        let t = std::time::Instant::now();
        for _ in 0..1000 {
            objs.put(
                &chancery_store::ObjectName::generate(&SystemRandom).unwrap(),
                bytes::Bytes::from(vec![1u8; 12000]),
            )
            .await
            .unwrap();
        }
        let me2 = cpu(&[std::process::id() as i32]);
        println!("put: {:.3} ms cpu, {:.3} ms wall", (me2 - me) as f64 * 10.0 / 1000.0, t.elapsed().as_secs_f64());
    });
}
