import { counted } from '../../../functions/formatting.ts';
import { api, type Schema } from '../../api/client.ts';
import { Act } from '../../parts/dialog.tsx';
import { Answered, Empty, Panel } from '../../parts/panel.tsx';
import { hrefOf, useBot, useRoute } from '../../route.ts';
import { armOf } from './arm-name.ts';
import { ExperimentDetail } from './experiment-detail.tsx';
import { Planner } from './planner.tsx';
import { StartTest } from './start-test.tsx';

/** Randomised tests: plan, start, follow, stop, decide. */
export function Experiments() {
  const bot_id = useBot();
  const { params } = useRoute();
  const list = api.useQuery('get', '/experiments', { params: { query: { bot_id, limit: 500 } } });
  return (
    <Answered of={list}>
      {({ experiments }) => {
        const opened = params.experiment ?? experiments[0]?.experiment_id;
        return (
          <>
            {opened && <ExperimentDetail key={opened} experiment_id={opened} />}
            <div className="grid">
              <Planner bot_id={bot_id}>
                <Act label="Start a test" primary>
                  {(close) => <StartTest bot_id={bot_id} onClose={close} />}
                </Act>
              </Planner>
              <Panel title="All tests">
                {experiments.length === 0 ? (
                  <Empty>
                    No test yet. A test lets a coin decide which settings trade when, so that the market cannot favor
                    either.
                  </Empty>
                ) : (
                  <List experiments={experiments} opened={opened} />
                )}
              </Panel>
            </div>
          </>
        );
      }}
    </Answered>
  );
}

const List = ({
  experiments,
  opened,
}: {
  readonly experiments: readonly Schema['ExperimentSummary'][];
  readonly opened: string | undefined;
}) => (
  <ol className="timeline">
    {experiments.map((each) => (
      <li key={each.experiment_id} className={each.status === 'running' ? 'active' : ''}>
        <a
          className="any"
          href={hrefOf('experiments', { bot: each.bot_id, experiment: each.experiment_id })}
          aria-current={each.experiment_id === opened ? 'true' : undefined}
        >
          <b>
            {armOf(each.candidate)} against {armOf(each.baseline)}
          </b>
          <small>
            {each.status}, since {each.starts_on}, at most {counted(each.most_days, 'day')}
          </small>
        </a>
      </li>
    ))}
  </ol>
);
