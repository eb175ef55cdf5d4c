--! Previous: -
--! Hash: sha1:703454c59569496cb60468d0fc8e8da528f2dd49

CREATE TABLE one (x integer);
