package io.tidemark.ingest;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.SourceSettings;
import io.tidemark.ingest.epoch.Lsn;
import io.tidemark.ingest.epoch.SourceFacts;
import io.tidemark.ingest.postgres.LeaderLock;
import io.tidemark.ingest.postgres.Publication;
import io.tidemark.ingest.postgres.ReplicationSlot;
import io.tidemark.ingest.postgres.Requirement;
import io.tidemark.ingest.postgres.Requirements;
import io.tidemark.ingest.postgres.SourceConnections;
import io.tidemark.ingest.postgres.TableFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as one session sees it: its requirements, its slot, its publication. One thread uses it. */
final class StreamSource {
    private final SourceConnections connections;
    private final Connection connection;
    private final SortedSet<TableId> tables;
    private final Requirements requirements;
    private final Publication publication;
    private final ReplicationSlot slot;
    private final LeaderLock lock;

    StreamSource(SourceConnections connections, Connection connection, Pipeline pipeline) {
        SourceSettings source = pipeline.source();
        this.connections = connections;
        this.connection = connection;
        this.tables = pipeline.followedTables();
        this.requirements = new Requirements(connection, source.slot(), source.publication());
        this.publication = new Publication(connection, source.publication());
        this.slot = new ReplicationSlot(connection, source.slot());
        this.lock = new LeaderLock(connection, source.slot());
    }

    /** Whether this process may read the slot now: no other ingest-service of this database does. */
    boolean lead() throws SQLException {
        return lock.tryTake();
    }

    /** Which process reads from the slot; 0 for none. */
    int slotReader() throws SQLException {
        return slot.find().map(ReplicationSlot.Found::activePid).orElse(0);
    }

    List<Requirement> unmet() throws SQLException {
        return requirements.unmet(tables);
    }

    /** Makes the publication right, and says what it had lacked. */
    SourceFacts prepare(SortedMap<String, Long> knownTables) throws SQLException {
        SourceConnections.ClusterIdentity cluster = connections.identify();
        Optional<Publication.Found> before = publication.find();
        String gap = before.map(found -> gap(found, knownTables)).orElse(null);
        publication.make(before.orElse(null), tables);
        Publication.Found after =
                publication.find().orElseThrow(() -> new SessionEndedException("the publication was just dropped"));
        return new SourceFacts(
                cluster.systemIdentifier(),
                cluster.timeline(),
                walLsn(),
                slot.find()
                        .map(found -> new SourceFacts.Slot(found.confirmedLsn(), found.lost()))
                        .orElse(null),
                after.oid(),
                gap,
                tableOids(),
                after.rememberedEpoch());
    }

    /** What the publication does not publish of the tables that it published before. */
    private @Nullable String gap(Publication.Found found, SortedMap<String, Long> knownTables) {
        if (!found.complete()) {
            return "publication changed: it did not publish every operation, row and column";
        }
        if (found.allTables()) {
            return null;
        }
        return tables.stream()
                .filter(table -> knownTables.containsKey(table.toString()))
                .filter(table -> !found.tables().contains(table))
                .findFirst()
                .map(table -> "publication changed: it did not publish table " + table)
                .orElse(null);
    }

    void rememberEpoch(int epoch) throws SQLException {
        publication.rememberEpoch(epoch);
    }

    void dropSlot() throws SQLException {
        slot.drop();
    }

    /** How many rows each table is thought to have. */
    Map<TableId, Long> estimatedRows() throws SQLException {
        Map<TableId, Long> rows = new TreeMap<>(Comparator.naturalOrder());
        for (TableFacts facts : TableFacts.read(connection, tables)) {
            rows.put(
                    facts.table(),
                    facts.estimatedRows() >= 0 ? facts.estimatedRows() : TableFacts.guessRows(connection, facts));
        }
        return rows;
    }

    SortedMap<String, Long> tableOids() throws SQLException {
        SortedMap<String, Long> oids = new TreeMap<>();
        TableFacts.read(connection, tables)
                .forEach(facts -> oids.put(facts.table().toString(), facts.oid()));
        return oids;
    }

    /** What of the stream's footing has changed since it began; null when nothing. */
    @Nullable String changedSince(SourceFacts began, boolean streaming) throws SQLException {
        Optional<Publication.Found> now = publication.find();
        if (now.isEmpty() || now.get().oid() != began.publication() || !now.get().covers(tables)) {
            return "the publication was changed";
        }
        SortedMap<String, Long> oids = tableOids();
        if (!oids.equals(began.tables())) {
            return "a table was dropped or made anew";
        }
        Optional<ReplicationSlot.Found> found = slot.find();
        if (streaming && found.isEmpty()) {
            return "the replication slot was dropped";
        }
        return found.map(ReplicationSlot.Found::lost).orElse(null);
    }

    /** How much WAL the slot holds back, in bytes. */
    long slotHeldBytes() throws SQLException {
        return slot.find().map(ReplicationSlot.Found::heldBytes).orElse(0L);
    }

    private long walLsn() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_current_wal_insert_lsn()::text");
                ResultSet row = query.executeQuery()) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }
}
