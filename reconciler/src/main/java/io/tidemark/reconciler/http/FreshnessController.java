package io.tidemark.reconciler.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Says up to which LSN Redis is right. */
@Controller("/api/freshness")
final class FreshnessController {
    private final FreshnessReport.Source reports;

    FreshnessController(FreshnessReport.Source reports) {
        this.reports = reports;
    }

    @Get
    @ExecuteOn(TaskExecutors.BLOCKING)
    FreshnessReport freshness() {
        return reports.now();
    }
}
