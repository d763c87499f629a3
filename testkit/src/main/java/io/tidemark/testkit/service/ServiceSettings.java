package io.tidemark.testkit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a service runs.
 *
 * @param name as its module is called, such as {@code ingest-service}
 * @param jar what is started
 * @param directory its working directory, which also holds its log
 * @param port of its HTTP pages on the loopback address; 0 = any free one
 * @param environment added to this JVM's own
 * @param jvmOptions such as {@code -Xmx256m}
 */
public record ServiceSettings(
        String name, Path jar, Path directory, int port, Map<String, String> environment, List<String> jvmOptions) {

    private static final String COMPILED_ONCE = "-XX:TieredStopAtLevel=1";

    public ServiceSettings {
        directory = directory.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** The service of that module of this project, on any free port, compiled as what lives for seconds is. */
    public static ServiceSettings ofModule(String module, Path directory) {
        return new ServiceSettings(
                module,
                Repository.jar(module),
                directory,
                0,
                Map.of(),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:MetaspaceSize=128m", COMPILED_ONCE));
    }

    /** Compiled as what lives for hours is: for benchmarks. */
    public ServiceSettings compiledFully() {
        return withJvmOption("-XX:TieredStopAtLevel=4");
    }

    public ServiceSettings withPort(int newPort) {
        return new ServiceSettings(name, jar, directory, newPort, environment, jvmOptions);
    }

    /** One more environment variable. */
    public ServiceSettings with(String variable, String value) {
        return with(Map.of(variable, value));
    }

    /** More environment variables. */
    public ServiceSettings with(Map<String, String> variables) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.putAll(variables);
        return new ServiceSettings(name, jar, directory, port, more, jvmOptions);
    }

    /** One more option of the JVM. */
    public ServiceSettings withJvmOption(String option) {
        List<String> more = new ArrayList<>(jvmOptions);
        more.add(option);
        return new ServiceSettings(name, jar, directory, port, environment, more);
    }
}
