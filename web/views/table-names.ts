/** The tables that answer, in words; Druid's have names of their own. */
export const tableNames: ReadonlyMap<string, string> = new Map([
  ['flow', 'all flows'],
  ['flow_hour', 'hourly totals'],
  ['flow_interface_hour', 'hourly totals by interface'],
  ['flow_port_day', 'daily totals by port'],
  ['flow_address_day', 'daily totals by address'],
]);
