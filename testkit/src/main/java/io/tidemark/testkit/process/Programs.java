package io.tidemark.testkit.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where programs are. */
public final class Programs {

    private Programs() {}

    /** The program of that name on the PATH. */
    public static Optional<Path> find(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/local/bin:/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The java program of the JVM that runs this. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Operating system and processor in the words that binaries are named with, such as {@code linux-x86_64}. */
    public static String platform() {
        String system = System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String os = system.contains("mac") ? "darwin" : system;
        Map<String, String> sameProcessor = Map.of("amd64", "x86_64", "aarch64", "arm64");
        return os + "-" + sameProcessor.getOrDefault(processor, processor);
    }
}
