--! Previous: sha1:703454c59569496cb60468d0fc8e8da528f2dd49
--! Hash: sha1:8ed0a2059bc7028369bbbd08be729cd17985b7f3

CREATE TABLE two (x integer);
