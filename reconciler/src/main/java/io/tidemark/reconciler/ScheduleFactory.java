package io.tidemark.reconciler;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.reconciler.schedule.postgres.DatabaseSchedules;
import io.tidemark.reconciler.schedule.postgres.ScheduleDatabase;
import io.tidemark.reconciler.search.SearchSync;
import io.tidemark.reconciler.verify.Verifier;
import io.tidemark.reconciler.writer.CacheWriterClient;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** Puts together what is done by time. */
@Factory
final class ScheduleFactory {
    private static final Duration POLL = Duration.ofSeconds(1);

    @Singleton
    CacheWriterClient cacheWriter(ScheduleSettings settings) {
        return new CacheWriterClient(settings.cacheWriter(), settings.token(), settings.trust());
    }

    @Singleton
    @Bean(preDestroy = "close")
    SearchSync searchSync(PipelineFile file, CacheWriterClient writer, Startup startup) {
        return new SearchSync(
                file.pipeline().upkeep().search(),
                writer,
                () -> startup.entries().search(),
                Clock.systemUTC());
    }

    @Singleton
    @Bean(preDestroy = "close")
    ScheduleDatabase scheduleDatabase(PipelineFile file) {
        Database database = file.pipeline().source().requireDatabase();
        return new ScheduleDatabase(
                database.jdbcUrl(),
                database.user(),
                database.password() == null ? null : database.password().reveal());
    }

    @Context
    @Bean(preDestroy = "close")
    DatabaseSchedules schedules(
            ScheduleSettings settings,
            ScheduleDatabase database,
            CacheWriterClient writer,
            SearchSync search,
            Verifier verifier) {
        DatabaseSchedules schedules = new DatabaseSchedules(
                settings.jobs(),
                database,
                new ScheduledWork(writer, search, verifier),
                Clock.systemUTC(),
                POLL,
                settings.instance());
        if (settings.enabled()) {
            schedules.begin();
        }
        return schedules;
    }
}
