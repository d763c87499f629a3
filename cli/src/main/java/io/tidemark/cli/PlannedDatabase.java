package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.RunFile;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.CatalogCheck;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.postgres.TableShape;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a pipeline file against its database, for somebody who asks before anything runs. */
final class PlannedDatabase {
    private PlannedDatabase() {}

    /**
     * What can be said of the database, for a person.
     *
     * @throws CommandFailure with exit code 2 when the file does not fit it, 5 when it does not answer
     */
    static String check(Path config, Optional<RunFile> running) {
        PipelineFile file = PipelineFile.load(config, environment(running));
        Database database = file.pipeline().source().database();
        if (database == null) {
            return "none is named, and none runs here";
        }
        shapes(file, database);
        return database.place() + " has all of its tables and columns";
    }

    /**
     * The followed tables as they are in the database, which the file names.
     *
     * @throws CommandFailure with exit code 2 when the file does not fit it, 5 when it does not answer
     */
    static Collection<TableShape> shapes(Path config, Optional<RunFile> running) {
        PipelineFile file = PipelineFile.load(config, environment(running));
        return shapes(file, file.pipeline().source().requireDatabase());
    }

    /** This command's environment, with where the database is that was started here. */
    static Map<String, String> environment(Optional<RunFile> running) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        running.map(RunFile::postgres).filter(RunFile.Server::managed).ifPresent(postgres -> {
            environment.putIfAbsent("TIDEMARK_SOURCE_URL", postgres.url());
            if (postgres.passwordFile() != null) {
                environment.putIfAbsent("TIDEMARK_SOURCE_PASSWORD_FILE", postgres.passwordFile());
            }
        });
        return environment;
    }

    private static Collection<TableShape> shapes(PipelineFile file, Database database) {
        SourceDatabase source = new SourceDatabase(
                database.jdbcUrl(),
                database.user(),
                database.password() == null ? null : database.password().reveal(),
                "tidemark-plan");
        try (Connection connection = source.connect()) {
            Map<TableId, TableShape> shapes =
                    new Catalog(connection).shapes(file.pipeline().followedTables());
            CatalogCheck.check(file, shapes, List.of()).throwIfWrong(false);
            return shapes.values();
        } catch (SQLException away) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CONNECT,
                    "the database " + database.place() + " does not answer: " + away.getMessage()
                            + "; with --offline the file alone is checked",
                    away);
        } catch (InvalidPipelineException wrong) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the pipeline file does not fit the database:\n"
                            + String.valueOf(wrong.getMessage()).indent(2).stripTrailing(),
                    wrong);
        }
    }
}
