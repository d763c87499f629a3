package io.tidemark.testkit.postgres;

import io.tidemark.testkit.process.BinaryCache;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.process.ServerStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** As whom PostgreSQL runs: it refuses to run as root. */
enum PostgresAccount {
    /** As the user who runs this JVM. */
    SELF(List.of()),
    /** As root, seen by PostgreSQL as nobody: in a user namespace without a mapping. Files stay root's. */
    NAMESPACE(List.of("unshare", "--user", "--")),
    /** As nobody, to whom the data directory is given: where root may not make user namespaces, as in many containers. */
    NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));

    private final List<String> prefix;

    PostgresAccount(List<String> prefix) {
        this.prefix = prefix;
    }

    static PostgresAccount ofThisMachine() {
        if (!isRoot()) {
            return SELF;
        }
        for (PostgresAccount account : List.of(NAMESPACE, NOBODY)) {
            if (Programs.find(account.prefix.get(0)).isPresent() && account.run("true") == 0) {
                return account;
            }
        }
        throw new ServerStartException(
                "PostgreSQL refuses to run as root, and neither unshare --user nor setpriv works here;"
                        + " run this as an ordinary user, or install util-linux",
                null);
    }

    /** The command as this account runs it. */
    List<String> command(List<String> command) {
        List<String> full = new ArrayList<>(prefix);
        full.addAll(command);
        return full;
    }

    /** Where this account can read programs. */
    BinaryCache binaries() {
        return this == NOBODY ? new BinaryCache(Path.of("/var/cache/tidemark")) : BinaryCache.ofUser();
    }

    /** Gives the directory to this account, which must be able to reach it. */
    void own(Path directory) {
        if (this != NOBODY) {
            return;
        }
        PostgresAccount root = SELF;
        if (root.run("chown", "-R", "65534:65534", directory.toString()) != 0
                || run("test", "-r", directory.toString()) != 0) {
            throw new ServerStartException(
                    "PostgreSQL refuses to run as root, and user nobody cannot reach " + directory
                            + "; choose a data directory below /var/lib or /tmp, or run this as an ordinary user",
                    null);
        }
    }

    private int run(String... command) {
        try {
            Process process = new ProcessBuilder(command(List.of(command)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
