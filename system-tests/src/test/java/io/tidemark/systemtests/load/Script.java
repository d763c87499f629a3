package io.tidemark.systemtests.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Files that lie beside the tests. */
public final class Script {

    private Script() {}

    /** The text of a resource below {@code io/tidemark/systemtests}. */
    public static String text(String name) {
        try (InputStream in = Script.class.getResourceAsStream("/io/tidemark/systemtests/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The resource as a file of that directory. */
    public static Path copy(String name, Path directory) throws IOException {
        Path file = directory.resolve(Path.of(name).getFileName());
        Files.createDirectories(directory);
        return Files.writeString(file, text(name));
    }

    /** Runs a script of SQL. */
    public static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
