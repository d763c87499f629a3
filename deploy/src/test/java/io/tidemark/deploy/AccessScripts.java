package io.tidemark.deploy;

import io.tidemark.testkit.access.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The scripts of deploy/access, and a folder with passwords as they want it. */
final class AccessScripts {
    static final Tool POSTGRES_ROLES = script("postgres-roles");
    static final Tool REDIS_USERS = script("redis-users");
    static final Tool KAFKA_ACLS = script("kafka-acls");

    private AccessScripts() {}

    private static Tool script(String name) {
        return new Tool(Yaml.DEPLOY.resolve("access").resolve(name));
    }

    /** A password for each user, in files of their names; with everything in it that a shell or SQL could take for its own. */
    static Map<ServiceAccount, String> passwords(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<ServiceAccount, String> passwords = new EnumMap<>(ServiceAccount.class);
        for (ServiceAccount account : ServiceAccount.values()) {
            String password = "canary-" + account.service() + " it's \"$HOME\" \\ * :x $$";
            passwords.put(account, password);
            Files.writeString(folder.resolve(account.userName()), password + "\n");
        }
        return passwords;
    }
}
