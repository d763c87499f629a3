package io.tidemark.ingest.postgres;

import io.tidemark.core.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publication of exactly the pipeline's tables. Its comment remembers the epoch, for the day that Kafka is emptied.
 * As thread-safe as the connection.
 */
final class Publication {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    private static final Pattern EPOCH = Pattern.compile("Tidemark epoch (\\d{1,5})\\b");
    private static final String OPTIONS =
            "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true)";

    private final Connection connection;
    private final String name;

    Publication(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /**
     * A publication as it was found.
     *
     * @param allTables whether it is one FOR ALL TABLES, which is left as it is
     * @param complete whether inserts, updates, deletes and truncates are all published, whole and by the root table
     * @param tables what it names
     * @param ours whether this role may change it
     */
    record Found(
            long oid, boolean allTables, boolean complete, Set<TableId> tables, boolean ours, int rememberedEpoch) {

        /** Whether it publishes these tables, whole. */
        public boolean covers(Collection<TableId> wanted) {
            return complete && (allTables || tables.containsAll(wanted));
        }

        /** Whether it is what we would make of it. */
        public boolean isExactly(Collection<TableId> wanted) {
            return complete && (allTables || (tables.containsAll(wanted) && tables.size() == wanted.size()));
        }
    }

    /** What there is of it now. */
    Optional<Found> find() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select p.oid, p.puballtables,
                       p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate and p.pubviaroot as complete,
                       pg_has_role(p.pubowner, 'USAGE') as ours,
                       obj_description(p.oid, 'pg_publication') as comment
                from pg_publication p where p.pubname = ?""")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long oid = row.getLong("oid");
                Set<TableId> tables = new TreeSet<>();
                boolean whole = readTables(oid, tables);
                return Optional.of(new Found(
                        oid,
                        row.getBoolean("puballtables"),
                        row.getBoolean("complete") && whole,
                        tables,
                        row.getBoolean("ours"),
                        epochOf(row.getString("comment"))));
            }
        }
    }

    /** Reads the tables; answers whether each is published without a row filter or a column list. */
    private boolean readTables(long oid, Set<TableId> tables) throws SQLException {
        boolean filters = connection.getMetaData().getDatabaseMajorVersion() >= 15;
        boolean whole = true;
        try (PreparedStatement query = connection.prepareStatement("select n.nspname, c.relname, "
                + (filters ? "r.prqual is null and r.prattrs is null" : "true")
                + " as whole from pg_publication_rel r join pg_class c on c.oid = r.prrelid"
                + " join pg_namespace n on n.oid = c.relnamespace where r.prpubid = ?")) {
            query.setLong(1, oid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(new TableId(row.getString(1), row.getString(2)));
                    whole &= row.getBoolean("whole");
                }
            }
        }
        return whole;
    }

    /** Makes it, or makes it publish exactly these tables. */
    void make(@Nullable Found found, Collection<TableId> tables) throws SQLException {
        String list = tables.stream().map(TableId::quoted).collect(Collectors.joining(", "));
        if (found == null) {
            execute("create publication " + quoted() + " for table " + list + " with " + OPTIONS);
            LOG.info("made publication {} for {}", name, tables);
        } else if (!found.isExactly(tables)) {
            if (!found.allTables()) {
                execute("alter publication " + quoted() + " set table " + list);
            }
            execute("alter publication " + quoted() + " set " + OPTIONS);
            LOG.info("publication {} now publishes exactly {}", name, tables);
        }
    }

    /** The statement that a role with the right runs to make it. */
    static String remedy(String name, Collection<TableId> tables, boolean exists) {
        String list = tables.stream().map(TableId::quoted).collect(Collectors.joining(", "));
        String quoted = TableId.quote(name);
        return exists
                ? "ALTER PUBLICATION " + quoted + " SET TABLE " + list + "; ALTER PUBLICATION " + quoted + " SET "
                        + OPTIONS + ";"
                : "CREATE PUBLICATION " + quoted + " FOR TABLE " + list + " WITH " + OPTIONS + ";";
    }

    /** Notes the epoch in the database, if this role may. */
    void rememberEpoch(int epoch) throws SQLException {
        if (find().map(Found::ours).orElse(false)) {
            execute("comment on publication " + quoted() + " is 'Tidemark epoch " + epoch
                    + ": which life of the change stream this is; leave it'");
        } else {
            LOG.info("publication {} belongs to another role, so the epoch is remembered on Kafka alone", name);
        }
    }

    private static int epochOf(@Nullable String comment) {
        Matcher matcher = EPOCH.matcher(comment == null ? "" : comment);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private String quoted() {
        return TableId.quote(name);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
