//! temp
use chancery_store::*; use chancery_vault::*; use futures::TryStreamExt as _;
fn c(b: &str, p: &str) -> S3Config { S3Config{ endpoint: Some("http://127.0.0.1:5599".into()), region: "us-east-1".into(), bucket: b.into(), prefix: p.into(), access_key_id: "a".into(), secret_access_key: "s".into(), server_side_encryption: true } }
#[tokio::test]
async fn s3() {
  for p in ["", "x/y"] {
    let o = Objects::s3(&c("bucket", p)).unwrap();
    let n = ObjectName::generate(&SystemRandom).unwrap();
    assert!(matches!(o.get(&n).await, Err(StoreError::ObjectMissing)));
    o.put(&n, bytes::Bytes::from_static(b"0123456789")).await.unwrap();
    assert_eq!(o.get(&n).await.unwrap(), "0123456789");
    assert_eq!(o.get_range(&n, 3..6).await.unwrap(), "345");
    assert_eq!(o.get_range(&n, 3..3).await.unwrap(), "");
    assert!(o.get_range(&n, 5..11).await.is_err());
    let l: Vec<_> = o.list().try_collect().await.unwrap();
    assert!(l.iter().any(|x| x.name == n && x.size_bytes == 10), "{l:?}");
    o.delete(&n).await.unwrap(); o.delete(&n).await.unwrap();
    assert!(matches!(o.get(&n).await, Err(StoreError::ObjectMissing)));
    assert!(matches!(o.get_range(&n, 0..1).await, Err(StoreError::ObjectMissing)));
  }
    let o = Objects::s3(&c("nobucket", "")).unwrap();
    let n = ObjectName::generate(&SystemRandom).unwrap();
    assert!(matches!(o.put(&n, bytes::Bytes::new()).await, Err(StoreError::ObjectStore{..})));
    assert!(matches!(o.get(&n).await, Err(StoreError::ObjectStore{..})));
    assert!(matches!(o.delete(&n).await, Err(StoreError::ObjectStore{..})));
    assert!(o.list().try_collect::<Vec<_>>().await.is_err());
}
