package io.tidemark.core.process;

/** Which build of the product a program is. */
public final class Build {
    private Build() {}

    /** The version in the manifest of the jar that this class came from; {@code unknown} when it came from no jar. */
    public static String versionOf(Class<?> program) {
        Package of = program.getPackage();
        String version = of == null ? null : of.getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** The Java that runs this program, as in 17.0.12. */
    public static String java() {
        return Runtime.version().toString();
    }
}
