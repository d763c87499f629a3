package io.tidemark.positions.feed;

import io.tidemark.core.pipeline.Secret;
import io.tidemark.positions.position.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens from the environment and from files: {@code TIDEMARK_FEED_TOKEN_NATUR}, or the file named by
 * {@code TIDEMARK_FEED_TOKEN_NATUR_FILE}, or the file {@code NATUR} in the directory named by
 * {@code TIDEMARK_FEED_TOKENS}. The first that is there counts. In a variable's name the store is in upper case with _
 * for -. Thread-safe.
 */
public final class ConfiguredTokens implements StoreTokens {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredTokens.class);
    private static final String VARIABLE = "TIDEMARK_FEED_TOKEN_";
    private static final String DIRECTORY = "TIDEMARK_FEED_TOKENS";

    private final Map<String, String> environment;

    /** @param environment the environment's variables, as {@link System#getenv()} gives them */
    public ConfiguredTokens(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Optional<Secret> of(StoreId store) {
        String variable = VARIABLE + store.name().toUpperCase(Locale.ROOT).replace('-', '_');
        String token = environment.get(variable);
        if (token != null && !token.isBlank()) {
            return Optional.of(new Secret(token.strip()));
        }
        String file = environment.get(variable + "_FILE");
        if (file != null && !file.isBlank()) {
            return contentOf(Path.of(file), store);
        }
        String directory = environment.get(DIRECTORY);
        return directory == null || directory.isBlank()
                ? Optional.empty()
                : contentOf(Path.of(directory, store.name()), store);
    }

    private static Optional<Secret> contentOf(Path file, StoreId store) {
        try {
            String content = Files.readString(file).strip();
            return content.isEmpty() ? Optional.empty() : Optional.of(new Secret(content));
        } catch (IOException e) {
            LOG.warn(
                    "store {}: its token file {} cannot be read ({})",
                    store,
                    file,
                    e.getClass().getSimpleName());
            return Optional.empty();
        }
    }
}
