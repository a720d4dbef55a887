//! The parts that pages are made of. They know no API, no route and no domain, and hold no words.
