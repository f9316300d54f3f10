CREATE TABLE artifact (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    files INTEGER NOT NULL CHECK (files >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    createdAt INTEGER NOT NULL,
    UNIQUE (job, name)
) STRICT;

CREATE TRIGGER artifactIsFrozen BEFORE UPDATE ON artifact
BEGIN SELECT RAISE(ABORT, 'an artifact does not change'); END;

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    worker TEXT NOT NULL,
    fence INTEGER NOT NULL CHECK (fence > 0),
    state TEXT NOT NULL CHECK (state IN ('offered', 'running', 'finished', 'lost')),
    result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                  'exception', 'retry', 'cancelled')),
    reason TEXT,
    offeredAt INTEGER NOT NULL,
    acceptedAt INTEGER,
    endedAt INTEGER,
    UNIQUE (job, number),
    CHECK ((state = 'finished') = (result IS NOT NULL)),
    CHECK ((state IN ('finished', 'lost')) = (endedAt IS NOT NULL)),
    CHECK (state NOT IN ('running', 'finished') OR acceptedAt IS NOT NULL)
) STRICT;

CREATE TRIGGER attemptEndAbsorbs BEFORE UPDATE ON attempt
WHEN OLD.state IN ('finished', 'lost')
BEGIN SELECT RAISE(ABORT, 'an ended attempt does not change'); END;

CREATE TRIGGER attemptGoesForward BEFORE UPDATE OF state ON attempt
WHEN OLD.state = 'running' AND NEW.state = 'offered'
BEGIN SELECT RAISE(ABORT, 'an accepted attempt is not offered again'); END;

CREATE TRIGGER attemptHoldsTheFence BEFORE INSERT ON attempt
WHEN NEW.fence <> (SELECT fence FROM job WHERE id = NEW.job)
BEGIN SELECT RAISE(ABORT, 'an attempt begins with the fence of its job'); END;

CREATE TRIGGER attemptIsFrozen BEFORE UPDATE OF id, job, number, worker, fence ON attempt
BEGIN SELECT RAISE(ABORT, 'whose an attempt is does not change'); END;

CREATE UNIQUE INDEX attemptLive ON attempt (job) WHERE state IN ('offered', 'running');

CREATE TRIGGER secretGrantEndsWithItsAttempt AFTER UPDATE OF state ON attempt
WHEN NEW.state IN ('finished', 'lost')
BEGIN DELETE FROM secretGrant WHERE attempt = NEW.id; END;

CREATE TABLE "build" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    pipeline TEXT NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('push', 'pull_request', 'tag', 'schedule',
                                         'pipeline', 'manual', 'try')),
    ref TEXT NOT NULL,
    sha TEXT NOT NULL,
    message TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    problems TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'finished')),
    result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                  'exception', 'retry', 'cancelled')),
    createdAt INTEGER NOT NULL,
    startedAt INTEGER,
    finishedAt INTEGER,
    cancelledBy TEXT,
    retryOf INTEGER REFERENCES "build" ON DELETE SET NULL,
    settings TEXT,
    versionTag TEXT,
    versionDistance INTEGER NOT NULL DEFAULT 0 CHECK (versionDistance >= 0), isAwaited INTEGER NOT NULL DEFAULT 0
    CHECK (isAwaited IN (0, 1)), upstream INTEGER REFERENCES build ON DELETE SET NULL, starter TEXT, authorEmail TEXT,
    UNIQUE (repository, number),
    CHECK ((state = 'finished') = (result IS NOT NULL)),
    CHECK ((state = 'finished') = (finishedAt IS NOT NULL)),
    CHECK (state = 'finished' OR (state = 'running') = (startedAt IS NOT NULL)),
    CHECK (cancelledBy IS NULL OR result IS NULL OR result = 'cancelled')
) STRICT;

CREATE TRIGGER awaitedEndIsNoted AFTER UPDATE OF state ON build
WHEN NEW.state = 'finished' AND NEW.isAwaited
BEGIN INSERT INTO followUp (build) VALUES (NEW.id); END;

CREATE TRIGGER awaitedStillbirthIsNoted AFTER INSERT ON build
WHEN NEW.state = 'finished' AND NEW.isAwaited
BEGIN INSERT INTO followUp (build) VALUES (NEW.id); END;

CREATE INDEX buildByOrigin ON build (retryOf) WHERE retryOf IS NOT NULL;

CREATE INDEX buildByRef ON build (repository, ref, id);

CREATE INDEX buildByRepository ON build (repository, id);

CREATE INDEX buildByUpstream ON build (upstream) WHERE upstream IS NOT NULL;

CREATE TRIGGER buildEndAbsorbs
BEFORE UPDATE OF state, result, startedAt, finishedAt, cancelledBy ON build
WHEN OLD.state = 'finished'
BEGIN SELECT RAISE(ABORT, 'a finished build does not change'); END;

CREATE TRIGGER buildEndsLast BEFORE UPDATE OF state ON build
WHEN NEW.state = 'finished'
    AND EXISTS (SELECT 1 FROM job WHERE build = NEW.id AND state <> 'finished')
BEGIN SELECT RAISE(ABORT, 'a build ends after its jobs'); END;

CREATE TRIGGER buildGoesForward BEFORE UPDATE OF state ON build
WHEN OLD.state = 'running' AND NEW.state = 'waiting'
BEGIN SELECT RAISE(ABORT, 'a running build does not wait again'); END;

CREATE TRIGGER buildIsFrozen
BEFORE UPDATE OF id, repository, number, pipeline, event, ref, sha, createdAt ON build
BEGIN SELECT RAISE(ABORT, 'what a build is of does not change'); END;

CREATE INDEX buildOpen ON build (id) WHERE state <> 'finished';

CREATE INDEX buildQueued ON build (repository, ref, pipeline, id) WHERE state = 'waiting';

CREATE INDEX buildRed ON build (repository, result, id)
WHERE result NOT IN ('skipped', 'success', 'warnings');

CREATE TRIGGER holdEndsWithItsBuild AFTER UPDATE OF state ON build
WHEN NEW.state = 'finished'
BEGIN DELETE FROM hold WHERE build = NEW.id AND kind <> 'approval'; END;

CREATE TABLE contributor (
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    forge TEXT NOT NULL,
    name TEXT NOT NULL,
    approvedBy TEXT NOT NULL,
    approvedAt INTEGER NOT NULL,
    PRIMARY KEY (repository, forge, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE cover (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
    origin INTEGER UNIQUE REFERENCES build ON DELETE SET NULL,
    sha TEXT NOT NULL,
    subject TEXT NOT NULL,
    author TEXT NOT NULL,
    CHECK (origin IS NULL OR origin < build)
) STRICT;

CREATE INDEX coverByBuild ON cover (build, id);

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    key TEXT NOT NULL,
    forge TEXT NOT NULL CHECK (forge IN ('github', 'gitlab', 'gitea', 'forgejo',
                                         'bitbucket', 'git')),
    summary TEXT NOT NULL,
    news TEXT,
    receivedAt INTEGER NOT NULL,
    outcome TEXT,
    UNIQUE (repository, key)
) STRICT;

CREATE INDEX deliveryByRepository ON delivery (repository, id);

CREATE TRIGGER deliveryEndAbsorbs BEFORE UPDATE OF outcome ON delivery
WHEN OLD.outcome IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a settled delivery does not change'); END;

CREATE TRIGGER deliveryIsFrozen
BEFORE UPDATE OF id, repository, key, forge, summary, news, receivedAt ON delivery
BEGIN SELECT RAISE(ABORT, 'what was delivered does not change'); END;

CREATE INDEX deliverySettled ON delivery (id) WHERE outcome IS NOT NULL;

CREATE INDEX deliveryWaiting ON delivery (repository, id) WHERE outcome IS NULL;

CREATE TABLE followUp (
    build INTEGER NOT NULL PRIMARY KEY REFERENCES build ON DELETE CASCADE
) STRICT;

CREATE TABLE gate (
    job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position > 0),
    name TEXT NOT NULL,
    approvers TEXT NOT NULL,
    needed INTEGER NOT NULL CHECK (needed > 0),
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'open', 'rejected', 'expired', 'cancelled')),
    reason TEXT,
    reachedAt INTEGER NOT NULL,
    deadline INTEGER,
    endedAt INTEGER,
    PRIMARY KEY (job, position),
    CHECK ((state = 'waiting') = (endedAt IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX gateDue ON gate (deadline) WHERE state = 'waiting';

CREATE TRIGGER gateEndAbsorbs BEFORE UPDATE ON gate
WHEN OLD.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a gate that is decided does not change'); END;

CREATE INDEX gateWaiting ON gate (reachedAt, job) WHERE state = 'waiting';

CREATE TABLE gateWord (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL,
    position INTEGER NOT NULL,
    build TEXT NOT NULL,
    jobName TEXT NOT NULL,
    gate TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('approved', 'rejected')),
    actor TEXT NOT NULL,
    reason TEXT,
    saidAt INTEGER NOT NULL,
    UNIQUE (job, position, actor, verdict)
) STRICT;

CREATE TRIGGER gateWordIsFrozen BEFORE UPDATE ON gateWord
BEGIN SELECT RAISE(ABORT, 'what was said about a gate does not change'); END;

CREATE TRIGGER gateWordStays BEFORE DELETE ON gateWord
BEGIN SELECT RAISE(ABORT, 'what was said about a gate is kept'); END;

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);

CREATE TABLE hold (
    build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('quiet', 'time', 'concurrency', 'approval')),
    until INTEGER,
    subject TEXT,
    reason TEXT NOT NULL,
    PRIMARY KEY (build, kind),
    CHECK ((kind IN ('quiet', 'time')) = (until IS NOT NULL)),
    CHECK ((kind = 'concurrency') = (subject IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX holdByEnd ON hold (until, build) WHERE until IS NOT NULL;

CREATE INDEX holdBySubject ON hold (kind, subject, build) WHERE subject IS NOT NULL;

CREATE TRIGGER holdComesFirst BEFORE INSERT ON hold
WHEN EXISTS (SELECT 1 FROM job WHERE build = NEW.build AND state IN ('ready', 'running'))
BEGIN SELECT RAISE(ABORT, 'a build that has begun is not held back'); END;

CREATE INDEX holdWithoutEnd ON hold (build) WHERE until IS NULL;

CREATE TABLE hook (
    repository INTEGER PRIMARY KEY REFERENCES repository ON DELETE CASCADE,
    salt TEXT NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency (
    repository INTEGER NOT NULL,
    key TEXT NOT NULL,
    build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (repository, key, build)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotencyByAge ON idempotency (createdAt);

CREATE INDEX idempotencyByBuild ON idempotency (build);

CREATE TABLE "job" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    build INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    needs TEXT NOT NULL,
    optionalNeeds TEXT NOT NULL,
    condition TEXT NOT NULL,
    failFast TEXT,
    labels TEXT NOT NULL,
    allowFailure INTEGER NOT NULL CHECK (allowFailure IN (0, 1)),
    stepCount INTEGER NOT NULL CHECK (stepCount >= 0),
    spec TEXT NOT NULL,
    sourceJob INTEGER REFERENCES "job" ON DELETE SET NULL,
    state TEXT NOT NULL CHECK (state IN ('blocked', 'ready', 'running', 'finished')),
    result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                  'exception', 'retry', 'cancelled')),
    waitingReason TEXT,
    reason TEXT,
    stopReason TEXT,
    outputs TEXT,
    fence INTEGER NOT NULL DEFAULT 0 CHECK (fence >= 0),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    since INTEGER NOT NULL,
    startedAt INTEGER,
    finishedAt INTEGER, repository INTEGER NOT NULL DEFAULT 0, priority INTEGER NOT NULL DEFAULT 0, rank INTEGER NOT NULL DEFAULT 0, locks TEXT NOT NULL DEFAULT '[]', image TEXT NOT NULL DEFAULT '', beginsAtGate INTEGER NOT NULL DEFAULT 0
    CHECK (beginsAtGate IN (0, 1)), passed INTEGER NOT NULL DEFAULT 0 CHECK (passed >= 0), gate INTEGER
    CHECK (gate IS NULL OR (gate > passed AND state = 'blocked')), carried TEXT,
    UNIQUE (build, name),
    CHECK ((state = 'finished') = (result IS NOT NULL)),
    CHECK ((state = 'finished') = (finishedAt IS NOT NULL)),
    CHECK (state NOT IN ('blocked', 'ready') OR waitingReason IS NOT NULL),
    CHECK (state <> 'finished' OR waitingReason IS NULL),
    CHECK (outputs IS NULL OR state = 'finished')
) STRICT;

CREATE TRIGGER heldJobIsNotBorn BEFORE INSERT ON job
WHEN NEW.state IN ('ready', 'running')
    AND EXISTS (SELECT 1 FROM hold WHERE build = NEW.build)
BEGIN SELECT RAISE(ABORT, 'no job of a held build begins'); END;

CREATE TRIGGER heldJobStaysBlocked BEFORE UPDATE OF state ON job
WHEN NEW.state IN ('ready', 'running')
    AND EXISTS (SELECT 1 FROM hold WHERE build = NEW.build)
BEGIN SELECT RAISE(ABORT, 'no job of a held build begins'); END;

CREATE INDEX jobBySource ON job (sourceJob) WHERE sourceJob IS NOT NULL;

CREATE TRIGGER jobEndAbsorbs
BEFORE UPDATE OF state, result, reason, outputs, fence, attempts, startedAt, finishedAt
ON job
WHEN OLD.state = 'finished'
BEGIN SELECT RAISE(ABORT, 'a finished job does not change'); END;

CREATE TRIGGER jobEndsAfterItsAttempt BEFORE UPDATE OF state ON job
WHEN NEW.state <> 'running' AND EXISTS (
    SELECT 1 FROM attempt WHERE job = NEW.id AND state IN ('offered', 'running'))
BEGIN SELECT RAISE(ABORT, 'a job with a live attempt is running'); END;

CREATE TRIGGER jobFenceGrows BEFORE UPDATE OF fence, attempts ON job
WHEN NEW.fence < OLD.fence OR NEW.attempts < OLD.attempts
BEGIN SELECT RAISE(ABORT, 'the fence of a job only grows'); END;

CREATE TRIGGER jobIsFrozen
BEFORE UPDATE OF id, build, name, key, needs, optionalNeeds, condition, failFast, labels,
    allowFailure, stepCount, spec
ON job
BEGIN SELECT RAISE(ABORT, 'what a job was planned to do does not change'); END;

CREATE TRIGGER jobKeepsItsPlace
BEFORE UPDATE OF repository, priority, locks, image ON job
BEGIN SELECT RAISE(ABORT, 'what a job asks of the queue does not change'); END;

CREATE INDEX jobLocked ON job (id) WHERE state = 'running' AND locks <> '[]';

CREATE TRIGGER jobPassesForGood BEFORE UPDATE OF passed ON job
WHEN NEW.passed < OLD.passed
BEGIN SELECT RAISE(ABORT, 'what a job has passed is done for good'); END;

CREATE INDEX jobReady ON job (repository, labels, locks, rank, id, image)
WHERE state = 'ready';

CREATE INDEX jobRunning ON job (repository) WHERE state = 'running';

CREATE TRIGGER jobStopsForGood BEFORE UPDATE OF stopReason ON job
WHEN OLD.stopReason IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a stopped job is not wanted again'); END;

CREATE INDEX jobWaiting ON job (since, id) WHERE state IN ('blocked', 'ready');

CREATE TABLE jobSummary (
    job INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
    text TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) <= 65536)
) STRICT;

CREATE TRIGGER jobSummaryStays BEFORE UPDATE ON jobSummary
BEGIN SELECT RAISE(ABORT, 'what a job has said does not change'); END;

CREATE TABLE lane (
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    labels TEXT NOT NULL,
    locks TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (repository, labels, locks)
) STRICT, WITHOUT ROWID;

CREATE TABLE lockCapacity (
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('master', 'worker')),
    worker TEXT NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    PRIMARY KEY (name, scope, worker),
    CHECK (worker = '' OR scope = 'worker')
) STRICT, WITHOUT ROWID;

CREATE TABLE passedPush (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    ref TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    sha TEXT NOT NULL,
    subject TEXT NOT NULL,
    author TEXT NOT NULL
) STRICT;

CREATE INDEX passedPushByRef ON passedPush (repository, ref, pipeline, id);

CREATE TABLE place (
    build INTEGER NOT NULL PRIMARY KEY REFERENCES build ON DELETE CASCADE,
    subject TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX placeBySubject ON place (subject, build);

CREATE TRIGGER placeIsNotHeld BEFORE INSERT ON place
WHEN EXISTS (SELECT 1 FROM hold WHERE build = NEW.build)
BEGIN SELECT RAISE(ABORT, 'a held build has no place in its group'); END;

CREATE TABLE pullRequest (
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    head TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (repository, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE queuePause (
    labels TEXT NOT NULL PRIMARY KEY,
    actor TEXT NOT NULL,
    reason TEXT,
    pausedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ref (
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    name TEXT NOT NULL,
    sha TEXT NOT NULL,
    PRIMARY KEY (repository, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE repository (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    defaultBranch TEXT NOT NULL,
    pollInterval INTEGER NOT NULL CHECK (pollInterval > 0),
    buildsMade INTEGER NOT NULL DEFAULT 0,
    isBaselined INTEGER NOT NULL DEFAULT 0 CHECK (isBaselined IN (0, 1)),
    createdAt INTEGER NOT NULL,
    fetchedAt INTEGER,
    fetchError TEXT
, scheduledFrom TEXT, pollsPullRequests INTEGER NOT NULL DEFAULT 0
    CHECK (pollsPullRequests IN (0, 1))) STRICT;

CREATE TRIGGER repositoryNumbersGrow BEFORE UPDATE OF buildsMade ON repository
WHEN NEW.buildsMade < OLD.buildsMade
BEGIN SELECT RAISE(ABORT, 'the numbers of builds only grow'); END;

CREATE TABLE schedule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    pipeline TEXT NOT NULL,
    cron TEXT NOT NULL,
    timezone TEXT NOT NULL,
    onlyIfChanged INTEGER NOT NULL CHECK (onlyIfChanged IN (0, 1)),
    forceEvery INTEGER CHECK (forceEvery > 0),
    missed TEXT NOT NULL CHECK (missed IN ('once', 'skip')),
    nextAt INTEGER NOT NULL,
    lastSHA TEXT,
    lastAt INTEGER,
    UNIQUE (repository, pipeline, cron, timezone),
    CHECK ((lastSHA IS NULL) = (lastAt IS NULL))
) STRICT;

CREATE INDEX scheduleByTime ON schedule (nextAt, id);

CREATE TRIGGER scheduleGoesForward BEFORE UPDATE OF nextAt ON schedule
WHEN NEW.nextAt <= OLD.nextAt
BEGIN SELECT RAISE(ABORT, 'a schedule only goes forward'); END;

CREATE TABLE secret (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 63),
    repository INTEGER REFERENCES repository ON DELETE CASCADE,
    branches TEXT NOT NULL,
    events TEXT NOT NULL,
    sealKey TEXT NOT NULL,
    sealed BLOB NOT NULL,
    setBy TEXT NOT NULL,
    setAt INTEGER NOT NULL,
    lastUsedAt INTEGER,
    lastUsedBuild INTEGER,
    isRetired INTEGER NOT NULL DEFAULT 0 CHECK (isRetired IN (0, 1)),
    CHECK ((lastUsedAt IS NULL) = (lastUsedBuild IS NULL))
) STRICT;

CREATE UNIQUE INDEX secretByName ON secret (name, coalesce(repository, 0))
WHERE isRetired = 0;

CREATE INDEX secretByRepository ON secret (repository) WHERE repository IS NOT NULL;

CREATE INDEX secretBySealKey ON secret (sealKey, id);

CREATE TRIGGER secretGoesWhenNobodyHasIt AFTER UPDATE OF isRetired ON secret
WHEN NEW.isRetired = 1
BEGIN
    DELETE FROM secret WHERE id = NEW.id
        AND NOT EXISTS (SELECT 1 FROM secretGrant WHERE secret = NEW.id);
END;

CREATE TRIGGER secretIsFrozen
BEFORE UPDATE OF id, name, repository, branches, events, setBy, setAt ON secret
BEGIN SELECT RAISE(ABORT, 'a secret is replaced and does not change'); END;

CREATE TRIGGER secretRetiresForGood BEFORE UPDATE OF isRetired ON secret
WHEN OLD.isRetired = 1 AND NEW.isRetired = 0
BEGIN SELECT RAISE(ABORT, 'a retired secret does not come back'); END;

CREATE TABLE secretDeed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    doneAt INTEGER NOT NULL,
    kind TEXT NOT NULL
        CHECK (kind IN ('set', 'removed', 'given', 'refused', 'rewrapped')),
    name TEXT NOT NULL,
    repository TEXT,
    actor TEXT NOT NULL,
    build INTEGER,
    job INTEGER,
    detail TEXT,
    CHECK ((build IS NULL) = (job IS NULL)),
    CHECK ((kind IN ('given', 'refused')) = (build IS NOT NULL))
) STRICT;

CREATE TRIGGER secretDeedIsDone BEFORE UPDATE ON secretDeed
BEGIN SELECT RAISE(ABORT, 'what was done does not change'); END;

CREATE TABLE secretGrant (
    attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,
    name TEXT NOT NULL,
    secret INTEGER NOT NULL REFERENCES secret ON DELETE CASCADE,
    PRIMARY KEY (attempt, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER secretGoesWithItsLastGrant AFTER DELETE ON secretGrant
BEGIN
    DELETE FROM secret WHERE id = OLD.secret AND isRetired = 1
        AND NOT EXISTS (SELECT 1 FROM secretGrant WHERE secret = OLD.secret);
END;

CREATE INDEX secretGrantBySecret ON secretGrant (secret);

CREATE TRIGGER secretIsGrantedToTheLiving BEFORE INSERT ON secretGrant
WHEN NOT EXISTS (
    SELECT 1 FROM attempt WHERE id = NEW.attempt AND state IN ('offered', 'running'))
BEGIN SELECT RAISE(ABORT, 'an ended attempt gets no secret'); END;

CREATE TABLE session (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    csrf TEXT NOT NULL,
    expiresAt INTEGER NOT NULL
, teams TEXT NOT NULL DEFAULT '[]') STRICT, WITHOUT ROWID;

CREATE INDEX sessionByEnd ON session (expiresAt);

CREATE TABLE step (
    attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'finished')),
    result TEXT CHECK (result IN ('skipped', 'success', 'warnings', 'failure',
                                  'exception', 'retry', 'cancelled')),
    exitCode INTEGER,
    reason TEXT,
    startedAt INTEGER,
    finishedAt INTEGER,
    logLength INTEGER NOT NULL CHECK (logLength >= 0),
    logGap TEXT,
    logDigest TEXT, source INTEGER,
    PRIMARY KEY (attempt, position),
    CHECK ((state = 'finished') = (result IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER stepEndAbsorbs BEFORE UPDATE ON step
WHEN OLD.state = 'finished'
BEGIN SELECT RAISE(ABORT, 'a finished step does not change'); END;

CREATE TRIGGER stepGoesForward BEFORE UPDATE OF state, logLength ON step
WHEN NEW.logLength < OLD.logLength
    OR (OLD.state = 'running' AND NEW.state = 'waiting')
BEGIN SELECT RAISE(ABORT, 'a step only goes forward'); END;

CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    lastUsedAt INTEGER
, teams TEXT NOT NULL DEFAULT '[]') STRICT, WITHOUT ROWID;

CREATE TABLE trial (
    repository INTEGER NOT NULL REFERENCES repository ON DELETE CASCADE,
    sha TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    releasedAt INTEGER,
    PRIMARY KEY (repository, sha)
) STRICT, WITHOUT ROWID;

CREATE INDEX trialByAge ON trial (createdAt) WHERE releasedAt IS NULL;

CREATE TABLE worker (
    name TEXT NOT NULL PRIMARY KEY,
    labels TEXT NOT NULL,
    slots INTEGER NOT NULL CHECK (slots >= 0),
    version TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('taking', 'paused', 'draining')),
    lastSeenAt INTEGER NOT NULL
, failures INTEGER NOT NULL DEFAULT 0
    CHECK (failures >= 0), failure TEXT, quarantinedUntil INTEGER) STRICT, WITHOUT ROWID;
