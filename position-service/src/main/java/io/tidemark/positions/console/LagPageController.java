package io.tidemark.positions.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import io.tidemark.positions.lag.LagHistory;
import io.tidemark.positions.lag.LagReport;
import java.time.Duration;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The page of consumer groups' lag. */
@Controller("/lag")
@Hidden
@ExecuteOn(TaskExecutors.BLOCKING)
final class LagPageController {
    /** Twice as often as Kafka is asked, so that what is shown is hardly older than what is known. */
    private static final Duration EVERY = Duration.ofMillis(500);

    private final LagView view;
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    LagPageController(LagView view) {
        this.view = view;
    }

    @Get
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> lag(
            HttpRequest<?> request,
            @QueryValue(defaultValue = "") String group,
            @QueryValue(defaultValue = "") String topic) {
        LagView.Picked picked = new LagView.Picked(group, topic);
        LagReport report = view.report();
        if (!group.isEmpty() && report.group(group).isEmpty()) {
            return HttpResponse.notFound(ConsoleController.page(
                    "message.jte",
                    request,
                    Map.of(
                            "title", "No such group",
                            "text", "There is no consumer group of that name. The groups are listed under Lag.",
                            "back", "/lag")));
        }
        LagHistory.Series drawn = view.drawn(picked);
        return HttpResponse.ok(ConsoleController.page(
                "lag.jte",
                request,
                Map.of(
                        "report",
                        report,
                        "counts",
                        LagView.counts(report),
                        "problem",
                        view.problem(),
                        "picked",
                        group,
                        "drawn",
                        drawn.topic().isEmpty() ? drawn.group() : drawn.topic() + " of " + drawn.group(),
                        "live",
                        "/lag/live" + picked.query(),
                        "rows",
                        LagRow.of(report, group),
                        "samples",
                        view.samples(drawn).toString())));
    }

    @Get(uri = "/live", produces = MediaType.TEXT_EVENT_STREAM)
    Publisher<Event<String>> live(
            @QueryValue(defaultValue = "") String group, @QueryValue(defaultValue = "") String topic) {
        return Flux.defer(() -> {
            LagFeed feed = new LagFeed(templates, view, new LagView.Picked(group, topic));
            return Flux.interval(Duration.ZERO, EVERY)
                    .onBackpressureDrop()
                    .publishOn(Schedulers.boundedElastic(), 1)
                    .map(tick -> Event.of(feed.next()).name("state"));
        });
    }
}
