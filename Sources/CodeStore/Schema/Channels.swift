extension Migrations {
    /// The log moves the channels: a row of `promotion` sets its channel's pointer by a trigger,
    /// and nothing else can.
    ///
    /// Each row must continue the numbers and the hash chain and start where its channel stands.
    static let channels = """
        CREATE TABLE channel(
            id INTEGER PRIMARY KEY,
            unitId INTEGER NOT NULL REFERENCES unit,
            name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 63),
            rank INTEGER NOT NULL CHECK(rank >= 0),
            policy TEXT NOT NULL CHECK(policy GLOB '{*}'),
            rev INTEGER REFERENCES promotion,
            releaseId INTEGER REFERENCES release,
            hold TEXT CHECK(length(hold) BETWEEN 1 AND 8192),
            freeze TEXT CHECK(length(freeze) BETWEEN 1 AND 4096),
            UNIQUE(unitId, name),
            UNIQUE(unitId, rank)
        ) STRICT;

        CREATE INDEX channelOfRelease ON channel(releaseId);

        CREATE TABLE promotion(
            rev INTEGER PRIMARY KEY,
            channelId INTEGER NOT NULL REFERENCES channel,
            kind TEXT NOT NULL
                CHECK(kind IN ('promote', 'rollback', 'hold', 'unhold', 'freeze', 'thaw')),
            fromReleaseId INTEGER REFERENCES release,
            toReleaseId INTEGER REFERENCES release,
            actor TEXT NOT NULL CHECK(actor GLOB 'person:?*' OR actor GLOB 'build:?*'),
            reason TEXT NOT NULL CHECK(length(reason) <= 4096),
            idempotencyKey TEXT UNIQUE CHECK(length(idempotencyKey) BETWEEN 1 AND 256),
            at INTEGER NOT NULL,
            previousHash BLOB NOT NULL CHECK(length(previousHash) = 32),
            hash BLOB NOT NULL UNIQUE CHECK(length(hash) = 32),
            CHECK(toReleaseId IS NOT NULL OR kind NOT IN ('promote', 'rollback')),
            CHECK(toReleaseId IS fromReleaseId OR kind IN ('promote', 'rollback'))
        ) STRICT;

        CREATE INDEX promotionOfChannel ON promotion(channelId, rev);
        CREATE INDEX promotionTo ON promotion(channelId, toReleaseId);

        CREATE TRIGGER promotionContinuesTheLog BEFORE INSERT ON promotion
        WHEN NEW.rev <> (SELECT coalesce(max(rev), 0) + 1 FROM promotion)
            OR NEW.previousHash <> coalesce(
                (SELECT hash FROM promotion ORDER BY rev DESC LIMIT 1), zeroblob(32))
        BEGIN SELECT RAISE(ABORT, 'a promotion continues the log'); END;

        CREATE TRIGGER promotionStartsWhereTheChannelStands BEFORE INSERT ON promotion
        WHEN NEW.fromReleaseId IS NOT
            (SELECT releaseId FROM channel WHERE id = NEW.channelId)
        BEGIN SELECT RAISE(ABORT, 'a promotion starts where the channel stands'); END;

        CREATE TRIGGER promotionStaysInTheUnit BEFORE INSERT ON promotion
        WHEN NEW.toReleaseId IS NOT NULL AND
            (SELECT unitId FROM release WHERE id = NEW.toReleaseId) IS NOT
            (SELECT unitId FROM channel WHERE id = NEW.channelId)
        BEGIN SELECT RAISE(ABORT, 'a promotion stays in its unit'); END;

        CREATE TRIGGER promotionMovesTheChannel AFTER INSERT ON promotion
        BEGIN
            UPDATE channel SET rev = NEW.rev, releaseId = NEW.toReleaseId
            WHERE id = NEW.channelId;
        END;

        CREATE TRIGGER promotionNeverChanges BEFORE UPDATE ON promotion
        BEGIN SELECT RAISE(ABORT, 'the promotion log is append-only'); END;

        CREATE TRIGGER promotionStays BEFORE DELETE ON promotion
        BEGIN SELECT RAISE(ABORT, 'the promotion log is append-only'); END;

        CREATE TRIGGER channelFollowsTheLog BEFORE UPDATE OF rev, releaseId ON channel
        WHEN NEW.rev IS NOT (SELECT max(rev) FROM promotion WHERE channelId = NEW.id)
            OR NEW.releaseId IS NOT (SELECT toReleaseId FROM promotion WHERE rev = NEW.rev)
        BEGIN SELECT RAISE(ABORT, 'a channel follows the promotion log'); END;

        CREATE TRIGGER channelKeepsItsPlace BEFORE UPDATE OF id, unitId, name ON channel
        BEGIN SELECT RAISE(ABORT, 'a channel keeps its name'); END;

        CREATE TRIGGER channelBeginsEmpty BEFORE INSERT ON channel
        WHEN NEW.rev IS NOT NULL OR NEW.releaseId IS NOT NULL
            OR EXISTS(SELECT 1 FROM release WHERE unitId = NEW.unitId AND version = NEW.name)
        BEGIN SELECT RAISE(ABORT, 'a channel begins empty, with a name that no version has'); END;

        CREATE TRIGGER channelStays BEFORE DELETE ON channel
        BEGIN SELECT RAISE(ABORT, 'a channel is never deleted'); END;

        CREATE TRIGGER versionIsNoChannel BEFORE INSERT ON release
        WHEN EXISTS(SELECT 1 FROM channel WHERE unitId = NEW.unitId AND name = NEW.version)
        BEGIN SELECT RAISE(ABORT, 'a version cannot have the name of a channel'); END;
        """
}
