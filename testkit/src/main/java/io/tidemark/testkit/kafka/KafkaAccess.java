package io.tidemark.testkit.kafka;

import io.tidemark.testkit.access.AccessScript;
import io.tidemark.testkit.access.ServiceAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Gives the services their users on Kafka, with what deploy/access/kafka-acls.txt lets each do. */
public final class KafkaAccess {
    private static final int ITERATIONS = 4096;

    private KafkaAccess() {}

    /** What each service may, of topics and groups with that prefix. */
    public static List<AclBinding> bindings(String prefix) {
        List<AclBinding> bindings = new ArrayList<>();
        for (String line : AccessScript.KAFKA.text().split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            ResourcePattern resource = new ResourcePattern(
                    ResourceType.fromString(words[1]),
                    words[3].replace("<prefix>", prefix),
                    PatternType.fromString(words[2].toUpperCase(Locale.ROOT)));
            for (String operation : words[4].split(",")) {
                bindings.add(new AclBinding(
                        resource,
                        new AccessControlEntry(
                                "User:tidemark-" + words[0],
                                "*",
                                AclOperation.fromString(operation),
                                AclPermissionType.ALLOW)));
            }
        }
        return bindings;
    }

    /** Makes the users, by SCRAM-SHA-512, and gives them their rights. */
    public static void apply(Admin admin, String prefix, Map<ServiceAccount, String> passwords)
            throws InterruptedException, ExecutionException {
        List<UserScramCredentialAlteration> users = new ArrayList<>();
        passwords.forEach((account, password) -> users.add(new UserScramCredentialUpsertion(
                account.userName(), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)));
        admin.alterUserScramCredentials(users).all().get();
        admin.createAcls(bindings(prefix)).all().get();
    }
}
