package io.tidemark.ingest.postgres;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.Catalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Checks that PostgreSQL is set up for a change stream of these tables. As thread-safe as the connection. */
final class Requirements {
    private final Connection connection;
    private final String slot;
    private final String publication;

    Requirements(Connection connection, String slot, String publication) {
        this.connection = connection;
        this.slot = slot;
        this.publication = publication;
    }

    /** Everything that is missing. */
    List<Requirement> unmet(Collection<TableId> tables) throws SQLException {
        List<Requirement> unmet = new ArrayList<>();
        checkServer(unmet);
        checkSlot(unmet);
        List<TableFacts> facts = TableFacts.read(connection, tables);
        String role = currentRole();
        facts.forEach(table -> unmet.addAll(table.unmet(role)));
        checkPublication(unmet, tables, facts);
        new Catalog(connection).obstacles().forEach(obstacle -> unmet.add(Requirement.wrong(obstacle)));
        return unmet;
    }

    private void checkServer(List<Requirement> unmet) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        select current_setting('server_version_num')::int as version,
                               pg_is_in_recovery() as standby,
                               current_setting('wal_level') as wal_level,
                               current_setting('max_replication_slots')::int as slots,
                               (select count(*) from pg_replication_slots) as slots_used,
                               current_setting('max_wal_senders')::int as senders,
                               (select count(*) from pg_stat_replication) as senders_used,
                               current_setting('max_slot_wal_keep_size') as keep,
                               current_user as role, r.rolreplication or r.rolsuper
                                 or coalesce(pg_has_role(managed.oid, 'MEMBER'), false) as replication
                        from pg_roles r left join pg_roles managed on managed.rolname = 'rds_replication'
                        where r.rolname = current_user""");
                ResultSet row = query.executeQuery()) {
            row.next();
            int version = row.getInt("version");
            if (version < 140000) {
                unmet.add(Requirement.wrong(
                        "expected PostgreSQL 14 or later, found " + version / 10000 + ": upgrade the server"));
            }
            if (row.getBoolean("standby")) {
                unmet.add(Requirement.wrong("expected a primary, found a stand-by: set source.url to the primary"));
            }
            String walLevel = row.getString("wal_level");
            if (!walLevel.equals("logical")) {
                unmet.add(Requirement.wrong("expected wal_level=logical, found " + walLevel
                        + ": run ALTER SYSTEM SET wal_level = 'logical'; and restart PostgreSQL"));
            }
            checkRole(unmet, row);
            checkRoom(unmet, row);
        }
    }

    private static void checkRole(List<Requirement> unmet, ResultSet row) throws SQLException {
        if (!row.getBoolean("replication")) {
            String role = TableId.quote(row.getString("role"));
            unmet.add(Requirement.wrong("expected role " + role
                    + " to have the REPLICATION attribute, found that it has not: run ALTER ROLE " + role
                    + " REPLICATION; as a superuser (on Amazon RDS: GRANT rds_replication TO " + role + ";)"));
        }
    }

    private void checkRoom(List<Requirement> unmet, ResultSet row) throws SQLException {
        boolean slotExists = new ReplicationSlot(connection, slot).find().isPresent();
        int slots = row.getInt("slots");
        if (!slotExists && row.getInt("slots_used") >= slots) {
            unmet.add(Requirement.wrong("expected a free replication slot, found all " + slots
                    + " taken: drop one that nobody reads (SELECT slot_name, active FROM pg_replication_slots;)"
                    + " or run ALTER SYSTEM SET max_replication_slots = " + (slots + 5) + "; and restart PostgreSQL"));
        }
        int senders = row.getInt("senders");
        if (row.getInt("senders_used") >= senders) {
            unmet.add(Requirement.wrong("expected a free WAL sender, found all " + senders
                    + " taken (SELECT pid, application_name FROM pg_stat_replication;): run ALTER SYSTEM SET"
                    + " max_wal_senders = " + (senders + 5) + "; and restart PostgreSQL"));
        }
        if (row.getString("keep").equals("-1")) {
            unmet.add(Requirement.risk("max_slot_wal_keep_size is -1: while ingest-service is down, PostgreSQL keeps"
                    + " every byte of WAL, until its disk is full. Bound it, to what the disk can spare: ALTER SYSTEM"
                    + " SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf(); Past the bound the slot is lost,"
                    + " which Tidemark heals by a new snapshot"));
        }
    }

    private void checkSlot(List<Requirement> unmet) throws SQLException {
        Optional<ReplicationSlot.Found> found = new ReplicationSlot(connection, slot).find();
        if (found.isPresent() && !found.get().usable()) {
            unmet.add(Requirement.wrong("expected replication slot " + slot
                    + " to be a logical one of pgoutput in this database, found one of another kind or database: set"
                    + " source.slot to another name"));
        }
    }

    private void checkPublication(List<Requirement> unmet, Collection<TableId> tables, List<TableFacts> facts)
            throws SQLException {
        Optional<Publication.Found> found = new Publication(connection, publication).find();
        if (found.isPresent() && found.get().covers(tables)) {
            return;
        }
        List<TableId> foreign = facts.stream()
                .filter(table -> !table.owned())
                .map(TableFacts::table)
                .toList();
        boolean mayMake = found.isPresent() ? found.get().ours() : mayCreate();
        if (!mayMake || !foreign.isEmpty()) {
            String why = foreign.isEmpty()
                    ? found.isPresent() ? "it belongs to another role" : "CREATE on the database is missing"
                    : "this role does not own " + foreign;
            unmet.add(Requirement.ofPublication("expected publication " + publication
                    + " for the pipeline's tables, found "
                    + (found.isPresent() ? "one that publishes less" : "none") + ", and it cannot be made here, as "
                    + why + ": run as the tables' owner or a superuser: "
                    + Publication.remedy(publication, tables, found.isPresent())));
        }
    }

    private String currentRole() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select quote_ident(current_user)");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private boolean mayCreate() throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("select has_database_privilege(current_database(), 'CREATE')");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
