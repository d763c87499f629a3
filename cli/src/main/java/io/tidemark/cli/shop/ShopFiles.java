package io.tidemark.cli.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The texts that belong to the shop. Stateless. */
public final class ShopFiles {
    private ShopFiles() {}

    /** The shop's pipeline file. */
    public static String pipeline() {
        return read("tidemark.yaml");
    }

    /** The text of that name. */
    public static String read(String name) {
        try (InputStream in = ShopFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("BUG: " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " from the jar", e);
        }
    }
}
