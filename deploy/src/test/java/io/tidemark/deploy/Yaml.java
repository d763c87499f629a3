package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML as JSON trees. */
final class Yaml {
    /** This module's folder in the clone. */
    static final Path DEPLOY = Path.of("").toAbsolutePath();

    /** The clone. */
    static final Path ROOT = DEPLOY.resolve("..").normalize();

    private static final ObjectMapper JSON = new ObjectMapper();

    private Yaml() {}

    static JsonNode of(Path file) throws IOException {
        List<JsonNode> documents = documents(Files.readString(file));
        if (documents.size() != 1) {
            throw new IllegalStateException("expected one document in " + file + ", found " + documents.size());
        }
        return documents.get(0);
    }

    /** Each document of a text; empty ones are left out. */
    static List<JsonNode> documents(String text) {
        // More aliases than it would take from a stranger: the files are ours.
        LoadSettings settings =
                LoadSettings.builder().setMaxAliasesForCollections(500).build();
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Load(settings).loadAllFromString(text)) {
            if (document != null) {
                documents.add(JSON.valueToTree(document));
            }
        }
        return documents;
    }
}
