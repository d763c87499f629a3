/** The product's own services as processes, started from their jars. */
@NullMarked
package io.tidemark.testkit.service;

import org.jspecify.annotations.NullMarked;
