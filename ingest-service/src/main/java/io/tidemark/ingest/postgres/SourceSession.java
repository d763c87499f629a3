package io.tidemark.ingest.postgres;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.CatalogCheck;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.SourceSettings;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.ingest.epoch.Lsn;
import io.tidemark.ingest.epoch.SourceFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the source database and what is asked over it: the requirements, the slot, the publication. One
 * thread uses it. Its methods throw {@link SourceException}.
 */
public final class SourceSession implements AutoCloseable {
    private final SourceConnections connections;
    private final Connection connection;
    private final PipelineFile file;
    private final SortedSet<TableId> tables;
    private final Requirements requirements;
    private final Publication publication;
    private final ReplicationSlot slot;

    private SourceSession(SourceConnections connections, Connection connection, PipelineFile file) {
        SourceSettings source = file.pipeline().source();
        this.connections = connections;
        this.connection = connection;
        this.file = file;
        this.tables = file.pipeline().followedTables();
        this.requirements = new Requirements(connection, source.slot(), source.publication());
        this.publication = new Publication(connection, source.publication());
        this.slot = new ReplicationSlot(connection, source.slot());
    }

    /** Connects. */
    public static SourceSession open(SourceConnections connections, PipelineFile file, String purpose) {
        return asking("connecting", () -> new SourceSession(connections, connections.open(purpose), file));
    }

    /** Whether this process may read the slot now, as no other ingest-service does. Asked once it has said yes, no more. */
    public boolean lead() {
        return asking(
                "taking the lead",
                () -> new LeaderLock(connection, file.pipeline().source().slot()).tryTake());
    }

    /** Which process of PostgreSQL reads from the slot; 0 for none. */
    public int slotReader() {
        return asking(
                "looking at the slot",
                () -> slot.find().map(ReplicationSlot.Found::activePid).orElse(0));
    }

    /** What PostgreSQL itself lacks, and what of its tables cannot be followed. */
    public List<Requirement> unmet() {
        return asking("checking the database", () -> requirements.unmet(tables));
    }

    /** What the pipeline file and the tables disagree on. */
    public CatalogCheck.Findings disagreements() {
        return asking(
                "reading the catalog",
                () -> CatalogCheck.check(file, new Catalog(connection).shapes(tables), Set.of()));
    }

    /** The tables as they are now. */
    public Collection<TableShape> shapes() {
        return asking("reading the catalog", () -> new Catalog(connection).shapes(tables))
                .values();
    }

    /**
     * Makes the publication right, and says what it had lacked.
     *
     * @param known the tables that were published before, by {@code schema.table}
     */
    public SourceFacts prepare(Set<String> known) {
        return asking("making the publication", () -> prepareNow(known));
    }

    private SourceFacts prepareNow(Set<String> known) throws SQLException {
        SourceConnections.ClusterIdentity cluster = connections.identify();
        Optional<Publication.Found> before = publication.find();
        String gap = before.map(found -> gap(found, known)).orElse(null);
        publication.make(before.orElse(null), tables);
        Publication.Found after =
                publication.find().orElseThrow(() -> new SourceException("the publication was just dropped"));
        return new SourceFacts(
                cluster.systemIdentifier(),
                cluster.timeline(),
                walLsn(),
                slot.find()
                        .map(found -> new SourceFacts.Slot(found.confirmedLsn(), found.lost()))
                        .orElse(null),
                after.oid(),
                gap,
                oids(),
                after.rememberedEpoch());
    }

    /** What the publication does not publish of the tables that it published before. */
    private @Nullable String gap(Publication.Found found, Set<String> known) {
        if (!found.complete()) {
            return "the publication did not publish every operation, row and column";
        }
        if (found.allTables()) {
            return null;
        }
        return tables.stream()
                .filter(table -> known.contains(table.toString()))
                .filter(table -> !found.tables().contains(table))
                .findFirst()
                .map(table -> "the publication did not publish table " + table)
                .orElse(null);
    }

    /** Notes the epoch in the database, for the day that Kafka is emptied. */
    public void rememberEpoch(int epoch) {
        asking("noting the epoch", () -> {
            publication.rememberEpoch(epoch);
            return epoch;
        });
    }

    /** Drops the slot; nothing happens when there is none. */
    public void dropSlot() {
        asking("dropping the slot", () -> {
            slot.drop();
            return true;
        });
    }

    /** How much WAL the slot holds back, in bytes. */
    public long slotHeldBytes() {
        return asking(
                "looking at the slot",
                () -> slot.find().map(ReplicationSlot.Found::heldBytes).orElse(0L));
    }

    /** About how many rows each table has. */
    public Map<TableId, Long> estimatedRows() {
        return asking("estimating rows", () -> {
            Map<TableId, Long> rows = new TreeMap<>();
            for (TableFacts facts : TableFacts.read(connection, tables)) {
                long known = facts.estimatedRows();
                rows.put(facts.table(), known >= 0 ? known : TableFacts.guessRows(connection, facts));
            }
            return rows;
        });
    }

    /** The oid of each table's relation by {@code schema.table}; 0 for one that is missing. */
    public SortedMap<String, Long> tableOids() {
        return asking("looking at the tables", this::oids);
    }

    /**
     * What of the stream's footing has changed since it began.
     *
     * @param slotExpected whether the engine has got so far that the slot must be there
     */
    public Optional<String> changedSince(SourceFacts began, boolean slotExpected) {
        return asking("looking after the stream", () -> Optional.ofNullable(changed(began, slotExpected)));
    }

    private @Nullable String changed(SourceFacts began, boolean slotExpected) throws SQLException {
        if (!oids().equals(began.tables())) {
            return "a table was dropped or made anew";
        }
        Optional<Publication.Found> now = publication.find();
        if (now.isEmpty()
                || now.get().oid() != began.publication()
                || !now.get().covers(tables)) {
            return "the publication was changed";
        }
        Optional<ReplicationSlot.Found> found = slot.find();
        if (slotExpected && found.isEmpty()) {
            return "the replication slot was dropped";
        }
        return found.map(ReplicationSlot.Found::lost).orElse(null);
    }

    /** Holds batches back until their transactions are visible, over this very connection. */
    public VisibilityGate gate() {
        return asking("asking what is visible", () -> new VisibilityGate(connection));
    }

    /** Writes ticks into the WAL over this connection. */
    public WalTicker ticker() {
        return asking("asking where the WAL ends", () -> new WalTicker(connection));
    }

    @Override
    public void close() {
        asking("disconnecting", () -> {
            connection.close();
            return true;
        });
    }

    private SortedMap<String, Long> oids() throws SQLException {
        SortedMap<String, Long> oids = new TreeMap<>();
        TableFacts.read(connection, tables)
                .forEach(facts -> oids.put(facts.table().toString(), facts.oid()));
        return oids;
    }

    private long walLsn() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_current_wal_insert_lsn()::text");
                ResultSet row = query.executeQuery()) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    /** Something asked of PostgreSQL. */
    interface Question<T> {
        T ask() throws SQLException;
    }

    static <T> T asking(String doing, Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException failed) {
            throw new SourceException(doing, failed);
        }
    }
}
