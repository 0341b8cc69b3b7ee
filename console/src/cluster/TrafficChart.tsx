import AreaChart from '@cloudscape-design/components/area-chart'
import type { Traffic } from '../aws/insight'
import { seriesOf } from '../traffic'

const kTime = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const kShort = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

export default function TrafficChart({ traffic }: { traffic: Traffic }) {
  const { allowed, denied, unnamed, from, to, most } = seriesOf(traffic)
  return (
    <AreaChart
      height={180}
      hideFilter
      xScaleType="time"
      xDomain={[from, to]}
      yDomain={[0, most]}
      xTitle="Time"
      yTitle={`Connections in ${traffic.intervalSeconds} seconds`}
      ariaLabel="Allowed and denied connections over time"
      series={[
        { type: 'area', title: 'Allowed', data: allowed },
        { type: 'area', title: 'Denied', data: denied },
        { type: 'area', title: 'Refused at once, by all clusters of the listener', data: unnamed },
      ]}
      i18nStrings={{
        xTickFormatter: (time) => kShort.format(time),
        yTickFormatter: (count) => (Number.isInteger(count) ? String(count) : ''),
        detailTotalLabel: 'Total',
        detailPopoverDismissAriaLabel: 'Dismiss',
        legendAriaLabel: 'Legend',
        chartAriaRoleDescription: 'area chart',
        xAxisAriaRoleDescription: 'time axis',
        yAxisAriaRoleDescription: 'axis of counts',
      }}
      detailPopoverFooter={(time) => kTime.format(time)}
    />
  )
}
