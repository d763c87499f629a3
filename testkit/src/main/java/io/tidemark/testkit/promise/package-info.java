/** What the product promises, as checkers that are fed with what was observed and answer what contradicts the promise. */
@NullMarked
package io.tidemark.testkit.promise;

import org.jspecify.annotations.NullMarked;
