package io.tidemark.positions.sync.postgres;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The feed's tables in the schema {@code tidemark}, made and moved on by Flyway; several instances may ask at once. */
public final class FeedSchema {

    private FeedSchema() {}

    /** Makes what is missing. Needs the right to create a schema, or a schema {@code tidemark} it may create in. */
    public static void migrate(DataSource database) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/feed")
                .schemas("tidemark")
                .defaultSchema("tidemark")
                .table("feed_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
