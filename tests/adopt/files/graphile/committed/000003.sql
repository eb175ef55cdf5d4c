--! Previous: sha1:8ed0a2059bc7028369bbbd08be729cd17985b7f3
--! Hash: sha1:34d134813ad6bd2a2ba11112ba6bdbe7ff406d8c

CREATE TABLE three (x integer);
