package io.tidemark.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class AnswersTest {
    @Test
    void only_the_parts_that_are_down_say_why() throws JsonProcessingException {
        assertThat(Readiness.reasons(json("""
                                {"status":"DOWN","details":{
                                  "compositeDiscoveryClient()":{"status":"UP"},
                                  "stream":{"status":"DOWN","details":{"state":"waiting","reason":"waiting for tables public.x"}},
                                  "redis":{"status":"DOWN","details":{"error":"no connection"}},
                                  "other":{"status":"DOWN"}}}""")))
                .containsExactly("waiting for tables public.x", "no connection", "other is down");
    }

    @Test
    void what_differs_is_added_up_over_the_caches() throws JsonProcessingException {
        Comparison comparison = Comparison.of(json("""
                        {"state":"done","result":{
                          "product":{"rows":9,"consistent":5,"stale":1,"missing":2,"orphaned":3,"notKept":0,"inFlight":0,
                             "complete":true,"examples":[{"key":"product:1","kind":"stale","cause":"foreign_write","evidence":"differs"}]},
                          "bill":{"rows":4,"consistent":4,"stale":0,"missing":0,"orphaned":0,"inFlight":2,"complete":false}}}"""));
        assertThat(comparison.different()).isEqualTo(6);
        assertThat(comparison.undecided()).isEqualTo(3);
        assertThat(comparison.caches().get(0).examples())
                .containsExactly(new Comparison.Example("product:1", "stale", "foreign_write", "differs"));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }
}
