package io.tidemark.cli.stack;

import io.tidemark.cli.stack.postgres.DemoRoles;
import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.redis.RedisUsers;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets each service come to the servers started here as itself, with the rights that the scripts of deploy/access give it, so that
 * every demo shows that they suffice. Not thread-safe.
 */
final class LeastRights {
    private final PipelineRights rights;
    private final List<String> pages;
    private final Map<ServiceAccount, Path> files = new EnumMap<>(ServiceAccount.class);
    private final Path aclFile;
    private final DataDirectory directory;

    /** @param pages patterns of the keys that the application fills */
    LeastRights(StackRequest request, DataDirectory directory, List<String> pages) {
        this.rights = PipelineRights.of(request.pipeline());
        this.pages = pages;
        this.directory = directory;
        Path folder = request.data().resolve("access");
        directory.folder(folder);
        for (ServiceAccount account : ServiceAccount.values()) {
            files.put(account, directory.passwordFile(folder.resolve(account.role())));
        }
        this.aclFile = folder.resolve("redis.acl");
    }

    /** Writes the file with Redis' users, and says where. */
    Path aclFile(String ofDefault) {
        directory.write(aclFile, RedisUsers.aclFile(RedisUsers.rules(rights.rows(), pages), ofDefault, passwords()));
        return aclFile;
    }

    /** Who a service is, for the servers. */
    Map<String, String> environment(ServiceProgram program) {
        ServiceAccount account =
                switch (program) {
                    case INGEST_SERVICE -> ServiceAccount.INGEST;
                    case CACHE_WRITER -> ServiceAccount.CACHE_WRITER;
                    case RECONCILER -> ServiceAccount.RECONCILER;
                    case POSITION_SERVICE -> ServiceAccount.POSITIONS;
                };
        String file = file(account).toString();
        Map<String, String> environment = new HashMap<>();
        environment.put("TIDEMARK_SOURCE_USER", account.role());
        environment.put("TIDEMARK_SOURCE_PASSWORD_FILE", file);
        environment.put("TIDEMARK_REDIS_USER", account.userName());
        environment.put("TIDEMARK_REDIS_PASSWORD_FILE", file);
        return environment;
    }

    /** Makes the roles, or gives them what they need of tables that have come since. */
    void applyTo(EmbeddedPostgres postgres) {
        DemoRoles.apply(postgres, rights.tables(), rights.publication(), passwords());
    }

    /** Whether all tables of the pipeline are there. */
    boolean tablesAreIn(EmbeddedPostgres postgres) {
        return DemoRoles.areThere(postgres, rights.tables());
    }

    /** The password of the application's user of Redis. */
    String ofApplication() {
        return passwords().getOrDefault(ServiceAccount.APPLICATION, "");
    }

    private Path file(ServiceAccount account) {
        Path file = files.get(account);
        if (file == null) {
            throw new IllegalStateException("BUG: no password of " + account);
        }
        return file;
    }

    private Map<ServiceAccount, String> passwords() {
        Map<ServiceAccount, String> passwords = new EnumMap<>(ServiceAccount.class);
        files.forEach((account, file) -> passwords.put(account, Servers.read(file)));
        return passwords;
    }
}
