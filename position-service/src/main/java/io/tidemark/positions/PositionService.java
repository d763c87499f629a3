package io.tidemark.positions;

import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.process.ParentWatch;
import io.tidemark.core.tls.HttpTls;
import java.util.Map;
import java.util.Optional;

/** The program: reads the order feed, keeps every store's position, serves the console. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Tidemark position-service",
                        version = "1",
                        description = "Sync positions of a paged order feed: how they stand, and bringing them back."))
public final class PositionService {
    private static final int WRONG_USAGE = 2;

    private PositionService() {}

    /** Exit codes: 2 for settings that cannot be used, with everything that is wrong on stderr. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        try {
            Pipeline pipeline = PipelineFile.fromEnvironment(environment).pipeline();
            pipeline.source().requireDatabase();
            pipeline.kafka().requireBootstrap();
            pipeline.redis().requireSingleServer();
            PositionSettings settings = PositionSettings.of(environment);
            settings.tokens();
            Optional<FeedSettings> feed = FeedSettings.of(environment);
            Micronaut.build(arguments)
                    .mainClass(PositionService.class)
                    .banner(false)
                    .properties(HttpTls.settings(environment, environment.getOrDefault("TIDEMARK_HTTP_PORT", "8080")))
                    .singletons(pipeline, settings)
                    .singletons(feed.stream().toArray())
                    .start();
            ParentWatch.fromEnvironment(environment, () -> System.exit(0));
        } catch (InvalidPipelineException | IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(WRONG_USAGE);
        }
    }
}
