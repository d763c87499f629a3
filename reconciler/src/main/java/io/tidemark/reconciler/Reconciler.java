package io.tidemark.reconciler;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.Micronaut;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.process.ParentWatch;
import io.tidemark.core.tls.HttpTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;

/** The reconciler's program. */
public final class Reconciler {
    private static final int WRONG_USAGE = 2;
    private static final String PORT_VARIABLE = "TIDEMARK_HTTP_PORT";
    private static final String DEFAULT_PORT = "8082";
    private static final String DATA_VARIABLE = "TIDEMARK_RECONCILER_DATA";
    private static final String TOKEN_PREFIX = "TIDEMARK_RECONCILER";
    private static final String HOST_VARIABLE = "TIDEMARK_HTTP_HOST";

    private Reconciler() {}

    /** Exit codes: 2 for settings or tables that cannot be used, with everything that is wrong on stderr. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        try {
            PipelineFile file = PipelineFile.fromEnvironment(environment);
            file.pipeline().source().requireDatabase();
            file.pipeline().kafka().requireBootstrap();
            file.pipeline().redis().requireServer();
            ScheduleSettings schedules =
                    ScheduleSettings.of(environment, file.pipeline().upkeep());
            AccessTokens tokens = tokens(environment);
            requireFreePort(environment);
            ApplicationContext context = Micronaut.build(arguments)
                    .mainClass(Reconciler.class)
                    .banner(false)
                    .properties(HttpTls.settings(environment, environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT)))
                    .singletons(file, tokens, schedules)
                    .start();
            ParentWatch.fromEnvironment(environment, () -> System.exit(0));
            context.getBean(Startup.class).begin();
        } catch (InvalidPipelineException | IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(WRONG_USAGE);
        }
    }

    /** Who may have caches repaired. */
    private static AccessTokens tokens(Map<String, String> environment) {
        Path made = Path.of(environment.getOrDefault(DATA_VARIABLE, "data"), "reconciler", "admin.token");
        return AccessTokens.of(environment, TOKEN_PREFIX, EnumSet.allOf(Role.class), made);
    }

    /** Found out beforehand, as the server's own complaint comes with a stack trace and no remedy. */
    private static void requireFreePort(Map<String, String> environment) {
        String host = environment.getOrDefault(HOST_VARIABLE, "127.0.0.1");
        String port = environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port)));
        } catch (NumberFormatException notAPort) {
            throw new IllegalArgumentException(
                    "expected " + PORT_VARIABLE + " to be a port, found \"" + port + "\"", notAPort);
        } catch (IOException taken) {
            throw new IllegalArgumentException(
                    "cannot listen on " + host + ":" + port + " (" + taken.getMessage()
                            + "); free it, or choose another with " + PORT_VARIABLE + " or --reconciler-port",
                    taken);
        }
    }
}
