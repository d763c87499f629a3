package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the chart tells a pod's service by its variables and files. */
final class PodEnvironment {
    private static final String MOUNTED = "/etc/tidemark/";
    private static final String PIPELINE =
            "tidemark: 1\ncaches: {product: {table: public.products, key: \"product:{id}\"}}\n";

    private PodEnvironment() {}

    /** A variable of a pod's service; empty when it is not told. */
    static String variable(JsonNode pod, String name) {
        for (JsonNode variable : pod.at("/spec/containers/0/env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return "";
    }

    /** The pod's variables, with the files that it mounts under a folder here: real certificates where such are named. */
    static Map<String, String> of(JsonNode pod, Path folder) throws IOException {
        Map<String, String> environment = new HashMap<>();
        CertificateAuthority authority = null;
        for (JsonNode variable : pod.at("/spec/containers/0/env")) {
            String name = variable.path("name").asText();
            String value = variable.path("value").asText();
            if (name.matches(".*SSL(ROOTCERT|CERT|KEY)")) {
                if (authority == null) {
                    authority = new CertificateAuthority(
                            Files.createTempDirectory(folder, "certificates"), "Authority of the test");
                    authority.issue("shop", "dns:*.shop.svc");
                }
                value = named(authority, name).toString();
            } else if (value.startsWith(MOUNTED)) {
                Path file = folder.resolve(value.substring(1));
                Files.createDirectories(file.getParent());
                Files.deleteIfExists(file);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
                Files.writeString(file, value.endsWith("tidemark.yaml") ? PIPELINE : "secret of the file " + value);
                value = file.toString();
            }
            environment.put(name, value);
        }
        return environment;
    }

    private static Path named(CertificateAuthority authority, String variable) {
        String end = variable.substring(variable.lastIndexOf('_') + 1);
        return switch (end) {
            case "SSLROOTCERT" -> authority.file();
            case "SSLCERT" -> authority.file().resolveSibling("shop.pem");
            default -> authority.file().resolveSibling("shop.key");
        };
    }

    /** Files that a variable of a pod names and no volume brings. */
    static List<String> notMounted(JsonNode pod) {
        Set<String> files = new TreeSet<>(Set.of(MOUNTED + "pipeline/tidemark.yaml", MOUNTED + "feed-tokens", "/data"));
        for (JsonNode volume : pod.at("/spec/volumes")) {
            volume.at("/projected/sources").forEach(source -> source.at("/secret/items")
                    .forEach(item ->
                            files.add(MOUNTED + "secrets/" + item.path("path").asText())));
        }
        List<String> missing = new ArrayList<>();
        for (JsonNode variable : pod.at("/spec/containers/0/env")) {
            String value = variable.path("value").asText();
            if (value.startsWith("/") && !files.contains(value)) {
                missing.add(value);
            }
        }
        return missing;
    }
}
