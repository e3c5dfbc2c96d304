        except DBAPIError as error:
            reason = str(error.orig).splitlines()[0]
            if is_connection_failure(error):
                raise click.ClickException(f"{reason} (Is DATABASE_URL right?)") from error
            if error_code(error) == "42P01" or reason.startswith("no such table"):
                raise click.ClickException(f"{reason} (Did `poe migrate` run?)") from error
            raise
