BEGIN TRANSACTION;
CREATE TABLE access (
  account TEXT NOT NULL, root TEXT NOT NULL, gen BIGINT NOT NULL, role TEXT NOT NULL, from_born BIGINT NOT NULL, gone BOOLEAN NOT NULL,
  PRIMARY KEY (account, root));
INSERT INTO "access" VALUES('01a20022-9cc9-727d-8588-909e697e2822','a:01a20022-9cc9-727d-8588-909e697e2822',1,'owner',0,0);
INSERT INTO "access" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','a:01a20022-9cd6-7006-9c2e-dc9fc891f966',1,'owner',0,0);
INSERT INTO "access" VALUES('01a20022-9cc9-727d-8588-909e697e2822','k:k1',1,'client',0,0);
INSERT INTO "access" VALUES('01a20022-9cc9-727d-8588-909e697e2822','k:k1:c',1,'client',0,0);
INSERT INTO "access" VALUES('01a20022-9cc9-727d-8588-909e697e2822','r:r1',1,'client',0,0);
INSERT INTO "access" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','k:k1',1,'freelancer',0,0);
INSERT INTO "access" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','r:r1',1,'freelancer',0,0);
CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL, email_fold TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password TEXT NOT NULL, joined BIGINT NOT NULL);
INSERT INTO "account" VALUES('01a20022-9cc9-727d-8588-909e697e2822','anna@example.com','anna@example.com','anna','$argon2id$v=19$m=1024,t=1,p=2$a8oHZ7CNhkG2A+piLb/EQQ$yfNSnTZohy/hwd6I1EOHJF4vDDdI+1UkCQPrvW1ynAg',1000000250000000);
INSERT INTO "account" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','ben@example.com','ben@example.com','ben','$argon2id$v=19$m=1024,t=1,p=2$T0qXv2rY9s/CI36wWx1qCw$+iWmC0kt1bis5SEMV6tOcF3QinExUPggVCLlhwLqX0A',1000000250000000);
CREATE TABLE attempt (k TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL, since BIGINT NOT NULL, last BIGINT NOT NULL);
INSERT INTO "attempt" VALUES('in:f7d54c22dda5b1780276601c',1,1000000250000000,1000000250000000);
INSERT INTO "attempt" VALUES('ip:127.0.0.1',1,1000000250000000,1000000250000000);
CREATE TABLE command (
  account TEXT NOT NULL, id TEXT NOT NULL, device TEXT NOT NULL, n BIGINT NOT NULL, op TEXT NOT NULL, hash TEXT NOT NULL, status TEXT NOT NULL,
  code TEXT NOT NULL, detail TEXT NOT NULL, field TEXT NOT NULL, seqs TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account, id));
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','k1','d-anna',1,'CreateContract','6844ff6c86f7383a705d9167aa714f4b3d8abc870e8d4308f9e102d61918d4d5','ok','','','','{"a:01a20022-9cc9-727d-8588-909e697e2822":2,"k:k1":1,"k:k1:c":1,"r:r1":1}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','c2','d-ben',2,'AcceptContract','5b5a95fa8cc8e83a0951159d2a7eaec7767d14a510031e1c5ebc25508e58fb49','ok','','','','{"a:01a20022-9cd6-7006-9c2e-dc9fc891f966":2,"k:k1":2,"k:k1:c":2,"r:r1":2}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','m1','d-ben',3,'SendMessage','47088ab2e6d340f35c5bf4ee23542018e9ebf69d7a0b517fdd4fcfb866b63e81','ok','','','','{"r:r1":3}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','m2','d-ben',4,'SendMessage','d2f6d96378b7f0e8ddfaebc6333abc7672e9dc1b49775cac36479ae27aeed7c0','ok','','','','{"r:r1":4}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','m3','d-ben',5,'SendMessage','f98d1a09a32f239bf8a928233ce31777336886fd75dedfe850407b9f1954bf9b','ok','','','','{"r:r1":5}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','m4','d-anna',6,'SendMessage','8b52cd8295e657b98015fbd1c971966d8a4c2403f189d6f674d2fa62dd1019b3','ok','','','','{"r:r1":6}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','mark','d-anna',7,'SetMarker','0a44c2d1198bd5d9f5b2c0a60750219eb1b68784128060bd686bfa52eebe540d','ok','','','','{"a:01a20022-9cc9-727d-8588-909e697e2822":3}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','pref','d-anna',8,'SetPref','65e9c649e0a0464275e3fbf211b7c94d77c631b8bc8f295652e6225eb607afb9','ok','','','','{"a:01a20022-9cc9-727d-8588-909e697e2822":4}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','a1','d-anna',9,'SetActivity','e18242c631be31246edac00a20803ebb430e6a5922afdd453e5a8df7883720c6','ok','','','','{"k:k1":3}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','s1','d-ben',10,'ReportSlice','8bcafc978197f55c0af1315cf346f79979dc2ed3c1ece0485ca8f8937b780add','ok','','','','{"d:k1:2001-09-03":1,"k:k1":4}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cd6-7006-9c2e-dc9fc891f966','m9','d-ben',11,'SendMessage','4f245ee5059ba8c4e1fbacd1126656c7e9961b9216be351f0dee4eb46b737bff','ok','','','','{"r:r1":7}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','e1','d-anna',12,'SendMessage','a6df2062600d069bc449998e49b43d23c67a50328ff57d94a6e5a4cf5f6746ba','rejected','bad_input','Write something, or attach a file.','text','{}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','e4','d-anna',15,'SendMessage','12e50a775ef3ed26f31f6ceba8f2916daa914306243b3d90f2868a3f1df58d16','rejected','no_access','This is not here, or not open to you.','','{}',1000000250000000);
INSERT INTO "command" VALUES('01a20022-9cc9-727d-8588-909e697e2822','u1','d-anna',99,'Dance','58bb522e1487852601522812bd7184f4d207c66a8f286f5c836745904b8c737b','rejected','bad_input','This service does not know this kind of command yet. It may be older than your program.','op','{}',1000000250000000);
CREATE TABLE device (
  id TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, incarnation TEXT NOT NULL, pruned_n BIGINT NOT NULL, seen BIGINT NOT NULL,
  PRIMARY KEY (account, id));
INSERT INTO "device" VALUES('d-anna','01a20022-9cc9-727d-8588-909e697e2822','','',0,1000000250000000);
INSERT INTO "device" VALUES('d-ben','01a20022-9cd6-7006-9c2e-dc9fc891f966','','',0,1000000250000000);
CREATE TABLE "file" (
  id TEXT NOT NULL, owner TEXT NOT NULL, scope TEXT NOT NULL, root TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL,
  type TEXT NOT NULL, parts TEXT NOT NULL, complete BOOLEAN NOT NULL, named BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (owner, id));
INSERT INTO "file" VALUES('f1','01a20022-9cd6-7006-9c2e-dc9fc891f966','r:r1','r:r1','k-k1','a.txt',1,'text/plain','["2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"]',0,0,1000000250000000);
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO "goose_db_version" VALUES(1,0,1,'2026-11-21 22:03:18');
INSERT INTO "goose_db_version" VALUES(2,1,1,'2026-11-21 22:03:18');
INSERT INTO "goose_db_version" VALUES(3,2,1,'2026-11-21 22:03:18');
CREATE TABLE head (
  scope TEXT NOT NULL PRIMARY KEY, root TEXT NOT NULL, space TEXT NOT NULL, seq BIGINT NOT NULL, tag TEXT NOT NULL,
  floor BIGINT NOT NULL, msgs BIGINT NOT NULL, digest BIGINT NOT NULL);
INSERT INTO "head" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','a:01a20022-9cc9-727d-8588-909e697e2822','a-01a20022-9cc9-727d-8588-909e697e2822',4,'8018cf1146a0',0,0,-6309238493572198263);
INSERT INTO "head" VALUES('a:01a20022-9cd6-7006-9c2e-dc9fc891f966','a:01a20022-9cd6-7006-9c2e-dc9fc891f966','a-01a20022-9cd6-7006-9c2e-dc9fc891f966',2,'076d2461ac0e',0,0,3269652637581335567);
INSERT INTO "head" VALUES('k:k1','k:k1','k-k1',4,'1421a625ad03',0,0,2514654325583869870);
INSERT INTO "head" VALUES('k:k1:c','k:k1:c','k-k1',2,'7ee1584ee41a',0,0,-3551366294047087287);
INSERT INTO "head" VALUES('r:r1','r:r1','k-k1',7,'463f57016218',0,5,2825833573354316934);
INSERT INTO "head" VALUES('d:k1:2001-09-03','k:k1','k-k1',1,'837e8eaa10ef',0,0,-1506381882100564022);
CREATE TABLE invitation (id TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL);
INSERT INTO "invitation" VALUES('1dec702d43b934abc9e2fef4f2c9b05d1b381259e09ab7ea1d2cb4b7cfb4984b','k:k1:c');
CREATE TABLE meta (k TEXT NOT NULL PRIMARY KEY, v TEXT NOT NULL);
INSERT INTO "meta" VALUES('service','79b3cfc0-a217-492f-b1f6-d9fd766ff55f');
INSERT INTO "meta" VALUES('epoch','34a79b290089c4e3');
CREATE TABLE part (
  space TEXT NOT NULL, sha TEXT NOT NULL, size BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (space, sha));
CREATE TABLE thing (
  scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL, born BIGINT NOT NULL, rev BIGINT NOT NULL, mn BIGINT NOT NULL,
  gone BOOLEAN NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (scope, kind, id));
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','account','01a20022-9cc9-727d-8588-909e697e2822',1,1,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"name":"anna","email":"anna@example.com","joined":1000000250000000}');
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','grant','a:01a20022-9cc9-727d-8588-909e697e2822',1,1,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"gen":1,"role":"owner","from_born":0}');
INSERT INTO "thing" VALUES('a:01a20022-9cd6-7006-9c2e-dc9fc891f966','account','01a20022-9cd6-7006-9c2e-dc9fc891f966',1,1,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"name":"ben","email":"ben@example.com","joined":1000000250000000}');
INSERT INTO "thing" VALUES('a:01a20022-9cd6-7006-9c2e-dc9fc891f966','grant','a:01a20022-9cd6-7006-9c2e-dc9fc891f966',1,1,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"gen":1,"role":"owner","from_born":0}');
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','grant','k:k1',2,2,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"gen":1,"role":"client","from_born":0}');
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','grant','k:k1:c',2,2,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"gen":1,"role":"client","from_born":0}');
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','grant','r:r1',2,2,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"gen":1,"role":"client","from_born":0}');
INSERT INTO "thing" VALUES('k:k1','activity','k1-dev',1,1,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"code":"DEV","made":1000000250000000}');
INSERT INTO "thing" VALUES('k:k1','contract','k1',2,1,2,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"title":"Website","status":"active","client":"01a20022-9cc9-727d-8588-909e697e2822","client_name":"Client","freelancer":"01a20022-9cd6-7006-9c2e-dc9fc891f966","freelancer_name":"Ben","room":"r1","terms":{"rate":5000,"currency":"EUR","limit":144000,"shots":"full","idle_minutes":10},"made":1000000250000000,"started":1000000250000000}');
INSERT INTO "thing" VALUES('k:k1:c','invitation','1dec702d43b934abc9e2fef4f2c9b05d1b381259e09ab7ea1d2cb4b7cfb4984b',2,1,2,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"expires":1001209850000000,"used":"01a20022-9cd6-7006-9c2e-dc9fc891f966"}');
INSERT INTO "thing" VALUES('r:r1','member','01a20022-9cc9-727d-8588-909e697e2822',1,1,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"name":"Client","role":"client","since":1000000250000000}');
INSERT INTO "thing" VALUES('r:r1','room','r1',2,1,2,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"kind":"contract","name":"Website","contract":"k1","made":1000000250000000}');
INSERT INTO "thing" VALUES('a:01a20022-9cd6-7006-9c2e-dc9fc891f966','grant','k:k1',2,2,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"gen":1,"role":"freelancer","from_born":0}');
INSERT INTO "thing" VALUES('a:01a20022-9cd6-7006-9c2e-dc9fc891f966','grant','r:r1',2,2,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"gen":1,"role":"freelancer","from_born":0}');
INSERT INTO "thing" VALUES('r:r1','member','01a20022-9cd6-7006-9c2e-dc9fc891f966',2,2,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"name":"Ben","role":"freelancer","since":1000000250000000}');
INSERT INTO "thing" VALUES('r:r1','message','m1',3,3,1,1,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"author":"01a20022-9cd6-7006-9c2e-dc9fc891f966","text":"hello","at":1000000250000000}');
INSERT INTO "thing" VALUES('r:r1','message','m2',4,4,1,2,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"author":"01a20022-9cd6-7006-9c2e-dc9fc891f966","text":"again","at":1000000250000000}');
INSERT INTO "thing" VALUES('r:r1','message','m3',5,5,1,3,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"author":"01a20022-9cd6-7006-9c2e-dc9fc891f966","text":"and again","at":1000000250000000}');
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','marker','r1',3,3,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"n":3,"e":0,"h":0}');
INSERT INTO "thing" VALUES('a:01a20022-9cc9-727d-8588-909e697e2822','pref','r1',4,4,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"favourite":true}');
INSERT INTO "thing" VALUES('r:r1','message','m4',6,6,1,4,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"author":"01a20022-9cc9-727d-8588-909e697e2822","text":"good morning","at":1000000250000000}');
INSERT INTO "thing" VALUES('k:k1','activity','act1',3,3,1,0,0,'01a20022-9cc9-727d-8588-909e697e2822',1000000250000000,'{"code":"QA","made":1000000250000000}');
INSERT INTO "thing" VALUES('d:k1:2001-09-03','slice','slice1',1,1,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"id":"slice1","rev":1,"freelancer":"01a20022-9cd6-7006-9c2e-dc9fc891f966","contract":"k1","device":"d","boot":"b","seq":0,"start":1000000000,"end":1000000060,"activity":"k1-dev","memo":"work","kind":"tracked"}');
INSERT INTO "thing" VALUES('k:k1','week','2001-09-03',4,4,1,0,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"seq":1}');
INSERT INTO "thing" VALUES('r:r1','message','m9',7,7,1,5,0,'01a20022-9cd6-7006-9c2e-dc9fc891f966',1000000250000000,'{"author":"01a20022-9cd6-7006-9c2e-dc9fc891f966","text":"once","at":1000000250000000}');
CREATE TABLE token (
  hash TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL, device TEXT NOT NULL, made BIGINT NOT NULL, used BIGINT NOT NULL,
  UNIQUE (account, device));
INSERT INTO "token" VALUES('9765c4faa77e150ddd5219b3a39e899b7d4e164395d750848c7498e4a80fbbfa','01a20022-9cc9-727d-8588-909e697e2822','d-anna',1000000250000000,1000000250000000);
CREATE INDEX thing_seq ON thing (scope, seq);
CREATE INDEX thing_born ON thing (scope, kind, born);
CREATE INDEX access_root ON access (root);
CREATE INDEX file_space ON file (space, owner);
CREATE INDEX file_id ON file (id, at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('goose_db_version',3);
COMMIT;
