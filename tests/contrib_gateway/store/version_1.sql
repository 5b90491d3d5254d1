BEGIN TRANSACTION;
CREATE TABLE builds (
	number INTEGER NOT NULL,
	"commit" VARCHAR NOT NULL,
	ok BOOLEAN NOT NULL,
	log TEXT NOT NULL,
	started_at DATETIME NOT NULL,
	finished_at DATETIME,
	PRIMARY KEY (number)
);
INSERT INTO "builds" VALUES(1,'c0ffee',1,'','2026-11-23 18:36:00.000000','2026-11-23 18:36:00.000000');
CREATE TABLE journal (
	number INTEGER NOT NULL,
	at DATETIME NOT NULL,
	who TEXT NOT NULL,
	what VARCHAR NOT NULL,
	submission VARCHAR NOT NULL,
	PRIMARY KEY (number)
);
INSERT INTO "journal" VALUES(1,'2026-11-23 18:32:00.000000','','proposed','proposed');
INSERT INTO "journal" VALUES(2,'2026-11-23 18:33:00.000000','','proposed','published');
INSERT INTO "journal" VALUES(3,'2026-11-23 18:34:00.000000','','proposed','declined');
INSERT INTO "journal" VALUES(4,'2026-11-23 18:35:00.000000','','proposed','withdrawn');
INSERT INTO "journal" VALUES(5,'2026-11-23 18:36:00.000000','Nour','published','published');
INSERT INTO "journal" VALUES(6,'2026-11-23 18:36:00.000000','Nour','declined','declined');
INSERT INTO "journal" VALUES(7,'2026-11-23 18:36:00.000000','','withdrawn','withdrawn');
INSERT INTO "journal" VALUES(8,'2026-11-23 18:36:00.000000','','dead','dead');
CREATE TABLE logins (
	hash VARCHAR NOT NULL,
	address VARCHAR NOT NULL,
	expires_at DATETIME NOT NULL,
	PRIMARY KEY (hash)
);
CREATE TABLE sessions (
	hash VARCHAR NOT NULL,
	address VARCHAR NOT NULL,
	expires_at DATETIME NOT NULL,
	PRIMARY KEY (hash)
);
CREATE TABLE submissions (
	id VARCHAR NOT NULL,
	ticket VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	type VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	title TEXT NOT NULL,
	lang VARCHAR NOT NULL,
	data JSON NOT NULL,
	body TEXT NOT NULL,
	private JSON NOT NULL,
	signed_as TEXT NOT NULL,
	client VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	reason TEXT NOT NULL,
	branch VARCHAR NOT NULL,
	accepted_at DATETIME NOT NULL,
	decided_at DATETIME,
	decided_by TEXT NOT NULL,
	"commit" VARCHAR NOT NULL,
	online_at DATETIME,
	attempts INTEGER NOT NULL,
	next_try_at DATETIME,
	PRIMARY KEY (id),
	UNIQUE (ticket, digest)
);
INSERT INTO "submissions" VALUES('held','ticket-held','digest-held','need','besoin-held','Un besoin held','fr','{"title": "Un besoin held", "themes": ["transport"], "place": {"lat": 47.35}}','Des bus le soir.','{"contact": "zoe@example.org"}','Zoé','c1','held','screening','','2026-11-23 18:30:00.000000',NULL,'','',NULL,0,NULL);
INSERT INTO "submissions" VALUES('queued','ticket-queued','digest-queued','need','besoin-queued','Un besoin queued','fr','{"title": "Un besoin queued", "themes": ["transport"], "place": {"lat": 47.35}}','Ligne « une » ;
l’autre -- ''x''','{"contact": "zoe@example.org"}','Zoé','c1','queued','no answer','','2026-11-23 18:31:00.000000',NULL,'','',NULL,1,'2026-11-23 18:31:08.000000');
INSERT INTO "submissions" VALUES('proposed','ticket-proposed','digest-proposed','need','besoin-proposed','Un besoin proposed','fr','{"title": "Un besoin proposed", "themes": ["transport"], "place": {"lat": 47.35}}','Des bus le soir.','{"contact": "zoe@example.org"}','Zoé','c1','proposed','','contribution/need/besoin-proposed-proposed','2026-11-23 18:32:00.000000',NULL,'','',NULL,0,NULL);
INSERT INTO "submissions" VALUES('published','ticket-published','digest-published','need','besoin-published','Un besoin published','fr','{"title": "Un besoin published", "themes": ["transport"], "place": {"lat": 47.35}}','Des bus le soir.','{"contact": "zoe@example.org"}','Zoé','c1','published','','contribution/need/besoin-published-published','2026-11-23 18:33:00.000000','2026-11-23 18:36:00.000000','Nour','c0ffee','2026-11-23 18:36:00.000000',0,NULL);
INSERT INTO "submissions" VALUES('declined','ticket-declined','digest-declined','need','besoin-declined','Un besoin declined','fr','{"title": "Un besoin declined", "themes": ["transport"], "place": {"lat": 47.35}}','Des bus le soir.','{"contact": "zoe@example.org"}','Zoé','c1','declined','Hors sujet','contribution/need/besoin-declined-declined','2026-11-23 18:34:00.000000','2026-11-23 18:36:00.000000','Nour','',NULL,0,NULL);
INSERT INTO "submissions" VALUES('withdrawn','ticket-withdrawn','digest-withdrawn','need','besoin-withdrawn','Un besoin withdrawn','fr','{"title": "Un besoin withdrawn", "themes": ["transport"], "place": {"lat": 47.35}}','Des bus le soir.','{"contact": "zoe@example.org"}','Zoé','c1','withdrawn','','contribution/need/besoin-withdrawn-withdrawn','2026-11-23 18:35:00.000000','2026-11-23 18:36:00.000000','','',NULL,0,NULL);
INSERT INTO "submissions" VALUES('dead','ticket-dead','digest-dead','need','besoin-dead','Un besoin dead','fr','{"title": "Un besoin dead", "themes": ["transport"], "place": {"lat": 47.35}}','Des bus le soir.','{"contact": "zoe@example.org"}','Zoé','c1','dead','title:too_long','','2026-11-23 18:36:00.000000',NULL,'','',NULL,0,NULL);
CREATE UNIQUE INDEX slugs_in_use ON submissions (type, slug) WHERE (state NOT IN ('declined', 'withdrawn'));
CREATE INDEX by_state ON submissions (state, accepted_at);
CREATE INDEX by_client ON submissions (client, accepted_at);
CREATE INDEX ix_journal_submission ON journal (submission);
COMMIT;
PRAGMA user_version = 1;
